import { blake3Bytes } from '../../electron/engine/bytes/hash.ts';
import { toHex } from '../../electron/engine/bytes/hex.ts';
import type { EntryBody } from '../../electron/engine/consensus/entry.ts';
import type { Sealer } from '../../electron/engine/consensus/types.ts';
import type { EntryHash } from '../../shared/ids.ts';

/** A sealer without keys: entries are readable text, and their hash is that text's BLAKE3. */
export const simSealer: Sealer = {
  seal(draft) {
    const place = `${draft.generation}.${draft.term}.${draft.index}`;
    const text = Buffer.from(`${place} ${draft.master} ${draft.stamp} ${bodyText(draft.body)} ${draft.previousHash}`);
    const bytes = new Uint8Array(text);
    return { ...draft, bytes, hash: toHex(blake3Bytes(bytes)) as EntryHash };
  },
  prove: (position) => ({ ...position, bytes: new Uint8Array() }),
};

/** An entry's body in a few letters. */
export function bodyText(body: EntryBody): string {
  if (body.type === 'term.begin') return 'begin';
  if (body.type === 'electorate.adjust') return `${body.device}${body.by > 0 ? '+' : '-'}${Math.abs(body.by)}`;
  return Buffer.from(body.bytes).toString();
}
