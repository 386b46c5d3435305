import type { DeviceId, GroupId } from '../../../shared/ids.ts';
import { MAX_FAILOVER_RECORDS } from '../../../shared/limits.ts';
import { decodeValue, type Encodable, encodeValue } from '../bytes/codec.ts';
import { fromHex } from '../bytes/hex.ts';
import { isCount, parseDevice } from '../bytes/log-entry.ts';
import type { Store } from '../ports/store.ts';
import { FAILOVER_TABLE } from './tables.ts';

const VERSION = 1;
const DIGITS = 12;

/** One change of master after a crash, as its winner measured it; all durations in milliseconds. */
export interface FailoverRecord {
  readonly generation: number;
  readonly term: number;
  /** Wall clock of the winner when it was done. */
  readonly at: number;
  readonly from: DeviceId;
  readonly to: DeviceId;
  readonly detectMs: number;
  readonly electMs: number;
  readonly respondMs: number;
  /** The latency budget that held then. */
  readonly budgetMs: number;
}

/** What the records need of the metadata layer. */
export interface FailoverRecordsDeps {
  readonly store: Store;
  readonly group: GroupId;
  readonly self: DeviceId;
  /** The last term that is applied here. */
  appliedTerm(): number;
  /** Who was master in the term, where its beginning is applied here; null: nobody, or not yet. */
  masterIn(generation: number, term: number): DeviceId | null;
  /** To every member that is connected. */
  broadcast(payload: Uint8Array): void;
  kept(record: FailoverRecord): void;
  /** The local database refused to write. */
  problem(error: unknown): void;
}

/**
 * The group's measured failovers, newest last: kept on disk, and told to every device that connects. A record counts once
 * the own log says that its winner was master of its term, so nobody can crowd out what was measured; what the winner
 * itself says goes before what others say of it.
 */
export class FailoverRecords {
  readonly #deps: FailoverRecordsDeps;
  #records = new Map<string, FailoverRecord>();
  /** Told, and not borne out by the own log yet: by who told it. */
  readonly #unproved = new Map<DeviceId, readonly FailoverRecord[]>();

  constructor(deps: FailoverRecordsDeps) {
    this.#deps = deps;
    for (const { key, value } of deps.store.range(FAILOVER_TABLE, { prefix: `${deps.group}/` })) {
      const record = readRecord(decodeValue(value));
      if (record !== null) this.#records.set(key, record);
    }
  }

  all(): readonly FailoverRecord[] {
    return [...this.#records.values()];
  }

  /** A device, this one too, tells of failovers. */
  hear(from: DeviceId, records: readonly FailoverRecord[]): void {
    this.#unproved.set(from, [...(this.#unproved.get(from) ?? []), ...records].slice(-MAX_FAILOVER_RECORDS));
    this.look();
  }

  /** Keeps what the own log bears out by now. */
  look(): void {
    for (const [from, told] of [...this.#unproved]) {
      const good = told.filter(({ generation, term, to }) => this.#deps.masterIn(generation, term) === to);
      const open = told.filter(({ term }) => term > this.#deps.appliedTerm());
      if (open.length > 0) this.#unproved.set(from, open);
      else this.#unproved.delete(from);
      try {
        this.#keep(from, good);
      } catch (error) {
        this.#deps.problem(error);
      }
    }
  }

  #keep(from: DeviceId, records: readonly FailoverRecord[]): void {
    const { store, self } = this.#deps;
    const fresh = records.filter((record) => this.#isNews(from, record));
    if (fresh.length === 0) return;
    const merged = new Map(this.#records);
    for (const record of fresh) merged.set(this.#keyOf(record), record);
    const kept = new Map([...merged].sort(([a], [b]) => (a < b ? -1 : 1)).slice(-MAX_FAILOVER_RECORDS));
    store.transaction((tx) => {
      for (const key of merged.keys()) if (!kept.has(key)) tx.remove(FAILOVER_TABLE, key);
      for (const record of fresh) {
        if (kept.has(this.#keyOf(record))) tx.put(FAILOVER_TABLE, this.#keyOf(record), encodeValue(fieldsOf(record)));
      }
    });
    this.#records = kept;
    const own = fresh.filter(({ to }) => to === self);
    if (own.length > 0) this.#deps.broadcast(encodeFailovers(own));
    for (const record of fresh) if (kept.has(this.#keyOf(record))) this.#deps.kept(record);
  }

  #isNews(from: DeviceId, record: FailoverRecord): boolean {
    const known = this.#records.get(this.#keyOf(record));
    if (known === undefined) return true;
    return from === record.to && !Buffer.from(encodeFailovers([known])).equals(encodeFailovers([record]));
  }

  #keyOf({ generation, term }: FailoverRecord): string {
    const hex = (number: number): string => number.toString(16).padStart(DIGITS, '0');
    return `${this.#deps.group}/${hex(generation)}-${hex(term)}`;
  }
}

/** The records as they are sent. */
export function encodeFailovers(records: readonly FailoverRecord[]): Uint8Array {
  return encodeValue(records.slice(-MAX_FAILOVER_RECORDS).map(fieldsOf));
}

/** A peer's records; those that are malformed are passed over. */
export function decodeFailovers(bytes: Uint8Array): readonly FailoverRecord[] {
  const value = decodeValue(bytes);
  if (!Array.isArray(value)) return [];
  return value.slice(0, MAX_FAILOVER_RECORDS).flatMap((one) => readRecord(one) ?? []);
}

function fieldsOf(record: FailoverRecord): Encodable {
  const { generation, term, at, from, to, detectMs, electMs, respondMs, budgetMs } = record;
  const whole = [detectMs, electMs, respondMs, budgetMs].map((ms) => Math.max(0, Math.round(ms)));
  return [VERSION, generation, term, Math.max(0, Math.round(at)), fromHex(from), fromHex(to), ...whole];
}

function readRecord(value: unknown): FailoverRecord | null {
  if (!Array.isArray(value) || value.length < 10 || value[0] !== VERSION) return null;
  const [, generation, term, at, fromKey, toKey, detectMs, electMs, respondMs, budgetMs]: unknown[] = value;
  const from = parseDevice(fromKey);
  const to = parseDevice(toKey);
  if (from === null || to === null || !isCount(generation) || !isCount(term) || !isCount(at)) return null;
  if (!isCount(detectMs) || !isCount(electMs) || !isCount(respondMs) || !isCount(budgetMs)) return null;
  return { generation, term, at, from, to, detectMs, electMs, respondMs, budgetMs };
}
