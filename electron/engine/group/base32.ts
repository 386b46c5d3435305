// RFC 4648, lower case, without padding: letters and the digits 2 to 7, so that nothing looks like l, o, 0 or 1 twice.
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** The bytes as base32 text. */
export function toBase32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  if (bits > 0) text += ALPHABET[(value << (5 - bits)) & 31];
  return text;
}

/** The bytes of base32 text, or null where it holds other characters, bits left over, or a length that cannot be. */
export function fromBase32(text: string): Uint8Array | null {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let at = 0;
  let bits = 0;
  let value = 0;
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) return null;
    value = (value << 5) | digit;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at] = (value >>> bits) & 0xff;
    at += 1;
    value &= (1 << bits) - 1;
  }
  return bits < 5 && value === 0 ? bytes : null;
}
