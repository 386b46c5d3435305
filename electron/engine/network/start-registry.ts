import type { DeviceId } from '../../../shared/ids.ts';
import { toHex } from '../bytes/hex.ts';
import type { KeyPair } from '../bytes/signature.ts';
import { compareOwnStart, makeStartStatement, readStartStatement, type StartStatement } from './start-statement.ts';

/** A statement as it is kept and shown: its bytes and their signature. */
export interface KeptStatement {
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}

/** This start of the engine on this home, durable already, and those before it. */
export interface OwnStart {
  readonly number: number;
  /** Random bytes drawn at this start. */
  readonly instance: Uint8Array;
  /** Whether this home made that start: this one, or one that is over. */
  readonly isOwn: (number: number, instance: Uint8Array) => boolean;
}

/** This run's own statement, and the highest ones seen of the other devices. */
export class StartRegistry {
  readonly #start: OwnStart;
  readonly #keyPair: KeyPair;
  readonly #kept: (device: DeviceId) => KeptStatement | null;
  /** By group and device: a statement is good for one group alone. */
  readonly #seen = new Map<string, StartStatement>();
  readonly #own = new Map<string, StartStatement>();

  constructor(start: OwnStart, keyPair: KeyPair, kept: (device: DeviceId) => KeptStatement | null) {
    this.#start = start;
    this.#keyPair = keyPair;
    this.#kept = kept;
  }

  /** The statement of this run for the group. */
  own(group: Uint8Array): StartStatement {
    const key = toHex(group);
    const known = this.#own.get(key);
    if (known !== undefined) return known;
    const statement = makeStartStatement(group, this.#start.number, this.#start.instance, this.#keyPair);
    this.#own.set(key, statement);
    return statement;
  }

  /** The highest statement known of the device in the group. */
  highest(group: Uint8Array, device: DeviceId): StartStatement | null {
    const seen = this.#seen.get(keyOf(group, device));
    if (seen !== undefined) return seen;
    const kept = this.#kept(device);
    if (kept === null) return null;
    const statement = readStartStatement(kept.bytes, kept.signature, group, Buffer.from(device, 'hex'));
    if (statement !== null) this.#seen.set(keyOf(group, device), statement);
    return statement;
  }

  /** Takes note of a greeted statement; true where it is the highest of the device so far. */
  note(group: Uint8Array, device: DeviceId, statement: StartStatement): boolean {
    const before = this.highest(group, device);
    if (before !== null && before.start >= statement.start) return false;
    this.#seen.set(keyOf(group, device), statement);
    return true;
  }

  /**
   * What a statement that somebody shows says about this run; null where this device never signed it. `runsNow`: whether
   * its engine is said to run now. Anybody can keep a statement and say so of a run that is over, so it counts only of
   * one that this home never made.
   */
  judge(
    group: Uint8Array,
    shown: KeptStatement,
    runsNow: boolean,
  ): { readonly verdict: 'fine' | 'restored' | 'cloned'; readonly shown: StartStatement } | null {
    const statement = readStartStatement(shown.bytes, shown.signature, group, this.#keyPair.publicKey);
    if (statement === null) return null;
    const cloned = runsNow && !this.#start.isOwn(statement.start, statement.instance);
    return { verdict: cloned ? 'cloned' : compareOwnStart(this.own(group), statement), shown: statement };
  }
}

function keyOf(group: Uint8Array, device: DeviceId): string {
  return `${toHex(group)}/${device}`;
}
