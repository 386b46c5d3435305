import type { DeviceId, InviteId } from '../../../shared/ids.ts';
import { blake3Bytes } from '../bytes/hash.ts';
import { fromHex } from '../bytes/hex.ts';
import { PHRASE_WORDS } from './phrase-words.ts';

const CONTEXT = new TextEncoder().encode('flotilla/phrase/1');
const WORDS_IN_PHRASE = 4;

/**
 * The words that both screens show while a device joins: four of 256, that is 32 bits, of both device keys and the
 * invite. Both sides compute the same; a third device in between would have other keys and so show other words.
 */
export function matchingPhrase(one: DeviceId, other: DeviceId, invite: InviteId): string {
  const keys = [one, other].sort();
  const hash = blake3Bytes(Buffer.concat([CONTEXT, ...keys.map(fromHex), fromHex(invite)]));
  const words: string[] = [];
  for (let at = 0; at < WORDS_IN_PHRASE; at += 1) words.push(PHRASE_WORDS[hash[at] ?? 0] ?? '');
  return words.join(' ');
}
