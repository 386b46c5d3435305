import type { DeviceId } from '../../../shared/ids.ts';
import type { KeyPair } from '../bytes/signature.ts';
import { compareOwnStart, makeStartStatement, readStartStatement, type StartStatement } from './start-statement.ts';

/** A statement as it is kept and shown: its bytes and their signature. */
export interface KeptStatement {
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}

/** This run's own statement, and the highest ones seen of the other devices. */
export class StartRegistry {
  readonly #start: number;
  readonly #instance: Uint8Array;
  readonly #keyPair: KeyPair;
  readonly #kept: (device: DeviceId) => KeptStatement | null;
  readonly #seen = new Map<DeviceId, StartStatement>();
  #own: { readonly group: string; readonly statement: StartStatement } | null = null;

  constructor(start: number, instance: Uint8Array, keyPair: KeyPair, kept: (device: DeviceId) => KeptStatement | null) {
    this.#start = start;
    this.#instance = instance;
    this.#keyPair = keyPair;
    this.#kept = kept;
  }

  /** The statement of this run for the group. */
  own(group: Uint8Array): StartStatement {
    const key = Buffer.from(group).toString('hex');
    if (this.#own?.group !== key) {
      const statement = makeStartStatement(group, this.#start, this.#instance, this.#keyPair);
      this.#own = { group: key, statement };
    }
    return this.#own.statement;
  }

  /** The highest statement known of the device. */
  highest(group: Uint8Array, device: DeviceId): StartStatement | null {
    const seen = this.#seen.get(device);
    if (seen !== undefined) return seen;
    const kept = this.#kept(device);
    if (kept === null) return null;
    const statement = readStartStatement(kept.bytes, kept.signature, group, Buffer.from(device, 'hex'));
    if (statement !== null) this.#seen.set(device, statement);
    return statement;
  }

  /** Takes note of a greeted statement; true where it is the highest of the device so far. */
  note(group: Uint8Array, device: DeviceId, statement: StartStatement): boolean {
    const before = this.highest(group, device);
    if (before !== null && before.start >= statement.start) return false;
    this.#seen.set(device, statement);
    return true;
  }

  /** What a statement that somebody shows says about this run; null where this device never signed it. */
  judge(group: Uint8Array, shown: KeptStatement): { verdict: 'fine' | 'restored'; shown: StartStatement } | null {
    const statement = readStartStatement(shown.bytes, shown.signature, group, this.#keyPair.publicKey);
    if (statement === null) return null;
    return { verdict: compareOwnStart(this.own(group), statement), shown: statement };
  }

  /** Whether the statement is of another run than this. */
  isOther(statement: StartStatement): boolean {
    return !Buffer.from(statement.instance).equals(Buffer.from(this.#instance));
  }
}
