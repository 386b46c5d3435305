import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase32, toBase32 } from '../../electron/engine/group/base32.ts';
import { formatInviteCode, parseInviteCode } from '../../electron/engine/group/invite-code.ts';
import { PHRASE_WORDS } from '../../electron/engine/group/phrase-words.ts';
import { errorCodeOf } from '../../shared/errors.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const code = formatInviteCode({
  secret: new Uint8Array(32).fill(7),
  firstEntry: new Uint8Array(16).fill(9),
  bootstrap: [],
});

function errorOf(text: string): string {
  try {
    parseInviteCode(text);
    return 'none';
  } catch (error) {
    return errorCodeOf(error);
  }
}

describe('MD18 invite codes', () => {
  it('MD18 comes back from any way of typing it', () => {
    const address = fc.constantFrom('10.0.0.2:49737', 'nas.local:4000', '[fd00::1]:49737');
    fc.assert(
      fc.property(bytes(32), bytes(16), fc.array(address, { maxLength: 4 }), (secret, firstEntry, bootstrap) => {
        const text = formatInviteCode({ secret, firstEntry, bootstrap });
        for (const typed of [text, text.toUpperCase(), text.replaceAll('-', ''), `  ${text.replaceAll('-', ' \n')} `]) {
          const parsed = parseInviteCode(typed);
          expect([...parsed.secret]).toEqual([...secret]);
          expect([...parsed.firstEntry]).toEqual([...firstEntry]);
          expect(parsed.bootstrap).toEqual(bootstrap);
        }
      }),
    );
  });

  it('MD18 notices every mistyped character', () => {
    for (let at = 0; at < code.length; at += 1) {
      if (code[at] === '-') continue;
      for (const other of ['a', '7', '8', 'ä']) {
        if (code[at] === other) continue;
        expect(errorOf(code.slice(0, at) + other + code.slice(at + 1)), `${at}${other}`).toBe('invite-mistyped');
      }
    }
    expect(errorOf(code.slice(0, -6))).toBe('invite-mistyped');
  });

  it('MD18 tells what is no code from one of a later version', () => {
    for (const text of ['', '-', 'hello', 'https://example.org/', 'a'.repeat(2000), 'aaaa bbbb']) {
      expect(errorOf(text), text).toBe('invite-malformed');
    }
    // A later version keeps the checksum over everything before it.
    expect(errorOf(withVersion(2))).toBe('invite-version-unsupported');
  });

  it('MD18 never throws anything else', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => errorOf(text) !== 'internal'));
  });
});

function withVersion(version: number): string {
  const raw = fromBase32(code.replaceAll('-', ''));
  if (raw === null) throw new Error('not base32');
  return formatInviteCode({ secret: raw.slice(1, 33), firstEntry: raw.slice(33, 49), bootstrap: [], version });
}

describe('base32', () => {
  it('comes back, and refuses bits left over', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (some) => {
        expect([...(fromBase32(toBase32(some)) ?? [])]).toEqual([...some]);
      }),
    );
    expect(fromBase32('ab')).toBeNull();
    expect(fromBase32('a1')).toBeNull();
  });
});

describe('MD19 phrases', () => {
  it('MD19 has 256 different short words', () => {
    expect(new Set(PHRASE_WORDS).size).toBe(256);
    expect(PHRASE_WORDS.every((word) => /^[a-z]{3,8}$/.test(word))).toBe(true);
  });
});
