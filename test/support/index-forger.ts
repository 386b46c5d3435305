import * as Automerge from '@automerge/automerge';
import { encodeEntry } from '../../electron/engine/index/entry-codec.ts';
import { placeOf } from '../../electron/engine/index/folder-context.ts';
import type { IncomingChange, MergeOutcome } from '../../electron/engine/index/merge.ts';
import type { OpenFolder } from '../../electron/engine/index/open-folder.ts';
import { shardOf } from '../../electron/engine/index/shard-place.ts';
import { sealChange } from '../../electron/engine/index/signed-change.ts';
import type { Entry, Gone, Node } from '../../electron/engine/reconcile/tree-types.ts';
import type { FolderId } from '../../shared/ids.ts';
import { at, contentOf, type TestDevice, testDevice } from './index-world.ts';

type Handle = ReturnType<typeof Automerge.getBackend>;

/** A device that keeps the rules. */
export const honest = testDevice(0);
/** One that does not. */
export const hostile = testDevice(1);
/** A file entry; the number is its content and its mtime. */
export const file = (content: number): Node => ({
  kind: 'file',
  content: contentOf(content),
  size: 1,
  mtime: content,
  mode: null,
});

/** A device that builds its changes itself, whatever the rules. */
export interface Forger {
  readonly handle: Handle;
  /** Commits what was put into the handle and signs it. */
  sign(reader: OpenFolder, options?: SignOptions): IncomingChange;
  put(key: string, value: Node | Gone, options?: Partial<Entry> & { readonly bytes?: Uint8Array }): void;
}

interface SignOptions {
  readonly shard?: number;
  readonly signer?: TestDevice;
  readonly folder?: FolderId;
  readonly seenIndex?: number;
}

let actors = 0;

/** A forger with an actor of its own; `basedOn`: the changes that it knows. */
export function forger(
  device: TestDevice,
  shard = shardOf(at('a')),
  counter = 1,
  basedOn: readonly Uint8Array[] = [],
): Forger {
  actors += 1;
  const actor = device.tag + actors.toString(16).padStart(16, '0');
  const handle = Automerge.getBackend(Automerge.init({ actor }));
  handle.applyChanges(basedOn as never);
  const version = { author: device.tag, counter };
  return {
    handle,
    put(key, value, options = {}) {
      const { bytes, ...rest } = options;
      const entry: Entry = { value, version, seen: { generation: 1, index: 50 }, conflictOf: null, ...rest };
      handle.put('_root', key, bytes ?? encodeEntry(entry), 'bytes');
    },
    sign(reader, options = {}) {
      const hash = handle.commit(null, 0) as string;
      const change = handle.getChangeByHash(hash as never) as Uint8Array;
      const signer = options.signer ?? device;
      const place = {
        ...placeOf(reader.context, options.shard ?? shard),
        ...(options.folder && { folder: options.folder }),
      };
      const claim = { counter, seen: { generation: 1, index: options.seenIndex ?? 50 } };
      return { shard, signed: { envelope: sealChange(place, signer.device, claim, hash, signer.secretKey), change } };
    },
  };
}

/** Another forger with the actor of the one made last: what it signs forks that one's changes. */
export function forkingForger(...parts: Parameters<typeof forger>): Forger {
  actors -= 1;
  return forger(...parts);
}

/** What becomes of the changes at the reader. */
export function merged(reader: OpenFolder, ...changes: IncomingChange[]): MergeOutcome {
  return reader.merge(changes);
}

/** An honest change that puts these files in the root. */
export function honestFiles(
  reader: OpenFolder,
  counter: number,
  names: readonly string[],
  device = honest,
): IncomingChange {
  const author = forger(device, shardOf(at('a')), counter);
  for (const [place, name] of names.entries()) author.put(name, file(place + 1));
  return author.sign(reader);
}
