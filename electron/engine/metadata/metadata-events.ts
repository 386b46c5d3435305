import type { DeviceId } from '../../../shared/ids.ts';
import type { OperationBody } from '../group/body.ts';
import type { GroupState } from '../group/state.ts';
import type { FailoverRecord } from './failover-records.ts';
import type { Decided } from './submissions.ts';

/** What the metadata layer tells; handlers are called one after the other, after the fact is durable. */
export type MetadataEvent =
  /** Committed entries were applied: rights, members and folders may be others now. */
  | { readonly type: 'state'; readonly state: GroupState; readonly before: GroupState }
  /** Role, master, term, electorate or links are other than before: read `view()` again. */
  | { readonly type: 'role' }
  /** Own operations that wait have changed: read `waiting()` again. */
  | { readonly type: 'waiting' }
  /** An own operation was decided; also ones of an earlier run. */
  | { readonly type: 'decided'; readonly id: string; readonly body: OperationBody; readonly decided: Decided }
  | { readonly type: 'failover'; readonly record: FailoverRecord }
  /** A device reported, or went: read `reports()` again. */
  | { readonly type: 'report'; readonly device: DeviceId }
  /** The log holds what this program does not understand. */
  | { readonly type: 'updateNeeded'; readonly what: string }
  /** A step or a write failed and was contained: for the log of the engine. */
  | { readonly type: 'problem'; readonly error: unknown };

/** Who listens. A listener that throws is told of as a problem, and neither the others nor the consensus suffer from it. */
export class MetadataListeners {
  readonly #listeners = new Set<(event: MetadataEvent) => void>();

  add(listener: (event: MetadataEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(event: MetadataEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        if (event.type !== 'problem') this.tell({ type: 'problem', error });
      }
    }
  }
}
