import type { ContractClient } from '../../shared/contract/contract.ts';
import { applyChanges } from '../../shared/contract/patch.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import type { AppState } from '../../shared/model/app-state.ts';
import { connect } from '../bridge/connection.ts';

/** What the interface knows of the engine. The last state stays on the screen while the connection is lost. */
export type Live =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live'; readonly state: AppState; readonly client: ContractClient }
  | { readonly kind: 'reconnecting'; readonly state: AppState | null; readonly client: ContractClient | null }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string; readonly state: AppState | null };

/** Holds the state that the engine tells, and whoever wants to know of changes. */
export class AppStore {
  #live: Live = { kind: 'connecting' };
  #client: ContractClient | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #retry: () => void;

  constructor() {
    this.#retry = connect({
      onConnected: (client) => {
        this.#client = client;
        void this.#follow(client);
      },
      onLost: () => this.#lose(),
      onFailed: (code, message) => this.#set({ kind: 'failed', code, message, state: this.#state() }),
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): Live => this.#live;

  /** Asks the transport for a new connection now. */
  readonly retry = (): void => this.#retry();

  #state(): AppState | null {
    return this.#live.kind === 'connecting' ? null : this.#live.state;
  }

  #set(live: Live): void {
    this.#live = live;
    for (const listener of this.#listeners) listener();
  }

  #lose(): void {
    const client = this.#live.kind === 'live' || this.#live.kind === 'reconnecting' ? this.#live.client : null;
    this.#set({ kind: 'reconnecting', state: this.#state(), client });
  }

  async #follow(client: ContractClient): Promise<void> {
    try {
      let state: AppState | null = null;
      for await (const event of await client.watch()) {
        if (this.#client !== client) return;
        if (event.type === 'snapshot') state = event.state;
        else if (state) state = applyChanges(state, event.changes);
        if (state) this.#set({ kind: 'live', state, client });
      }
    } catch {
      // The transport tells of the loss too; whoever comes first is right.
    }
    if (this.#client === client) this.#lose();
  }
}
