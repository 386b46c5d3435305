import * as Automerge from '@automerge/automerge';
import { invariant } from '../../../shared/invariant.ts';
import {
  type Admission,
  type ChangeClaim,
  type ChangeGraph,
  createChangeGraph,
  type KnownChange,
} from './change-graph.ts';
import { type ReadChange, readChange } from './change-reader.ts';

/** The library does not take what was good by every check: the document is in doubt. */
export class RefusedByLibrary extends Error {
  override readonly name = 'RefusedByLibrary';
}

/** A value in a document, with the change that put it there. */
export interface DocumentValue {
  /** Operation id, `counter@actor`: names the value. */
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly change: KnownChange;
}

/** A change that may be applied, as it came and as it was read. */
export interface DocumentChange {
  readonly bytes: Uint8Array;
  readonly read: ReadChange;
  readonly claim: ChangeClaim;
}

/**
 * The Automerge document of one shard, in memory. It holds what it was given; that the same is durable is the business
 * of whoever calls. After any method has thrown the document is in doubt and must be loaded again.
 */
export interface ShardDocument {
  readonly graph: Omit<ChangeGraph, 'add'>;
  /** Takes a change in if it may be applied now; what was taken in counts for the next, and is applied by `settle`. */
  offer(change: DocumentChange): Admission;
  /** Applies what was taken in. Throws `RefusedByLibrary`. */
  settle(): void;
  /** Puts values as one change of this document's own actor. */
  put(puts: ReadonlyMap<string, Uint8Array>, claim: ChangeClaim): DocumentChange;
  /** All keys that have a value. */
  keys(): readonly string[];
  /** The values of the key that no later change replaced; more than one if written concurrently. */
  values(key: string): readonly DocumentValue[];
  /** The values of the key at the dependencies of the change. */
  valuesBefore(key: string, change: KnownChange): readonly DocumentValue[];
  /** Gives the memory back; nothing may be called after. */
  free(): void;
}

type Handle = ReturnType<typeof Automerge.getBackend>;

/** An empty document whose own changes carry the actor id (hex). */
export function createShardDocument(actor: string): ShardDocument {
  const handle: Handle = Automerge.getBackend(Automerge.init({ actor }));
  const graph = createChangeGraph();
  let taken: Uint8Array[] = [];

  function found(values: readonly unknown[]): DocumentValue[] {
    return values.map((value) => {
      const [type, bytes, id] = value as [string, Uint8Array, string];
      invariant(type === 'bytes', 'an index document holds bytes alone');
      const at = id.indexOf('@');
      const change = graph.changeOf({ counter: Number(id.slice(0, at)), actor: id.slice(at + 1) });
      invariant(change !== undefined, 'an operation comes from a known change');
      return { id, bytes, change };
    });
  }

  return {
    graph,
    offer(change) {
      const admission = graph.admit(change.read);
      if (admission !== 'ready') return admission;
      graph.add(change.read, change.claim);
      taken.push(change.bytes);
      return admission;
    },
    settle() {
      if (taken.length === 0) return;
      const changes = taken;
      taken = [];
      try {
        handle.applyChanges(changes as never);
      } catch (error) {
        throw new RefusedByLibrary('Automerge refused a change', { cause: error });
      }
      const heads = [...handle.getHeads()].sort();
      if (heads.join() !== graph.heads().join()) throw new RefusedByLibrary('Automerge took a change in otherwise');
    },
    put(puts, claim) {
      for (const [key, bytes] of puts) handle.put('_root', key, bytes, 'bytes');
      const hash = handle.commit(null, 0);
      invariant(hash !== null, 'own entries always differ from what stands there');
      const bytes = handle.getChangeByHash(hash);
      const read = bytes === null ? null : readChange(bytes);
      invariant(bytes !== null && read !== null && graph.admit(read) === 'ready', 'own changes are in their one form');
      graph.add(read, claim);
      return { bytes, read, claim };
    },
    keys: () => handle.keys('_root'),
    values: (key) => found(handle.getAll('_root', key)),
    valuesBefore: (key, change) => found(handle.getAll('_root', key, [...change.dependencies] as never)),
    free: () => handle.free(),
  };
}
