import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeValue, type Encodable, encodeValue } from '../../electron/engine/bytes/codec.ts';
import { fromHex, toHex } from '../../electron/engine/bytes/hex.ts';
import type { OperationBody } from '../../electron/engine/group/body.ts';
import { FieldError } from '../../electron/engine/group/fields.ts';
import { groupIdOf } from '../../electron/engine/group/group-id.ts';
import { formatInviteCode, parseInviteCode } from '../../electron/engine/group/invite-code.ts';
import { makeRedeemProof } from '../../electron/engine/group/invite-proof.ts';
import { KIND_NUMBERS, RESERVED_KIND_NUMBERS } from '../../electron/engine/group/kinds.ts';
import { latestFromValue, latestToValue } from '../../electron/engine/group/latest-changes.ts';
import { decodeOperation, isSignedByAuthor, signOperation } from '../../electron/engine/group/operation.ts';
import { matchingPhrase } from '../../electron/engine/group/phrase.ts';
import { BODIES_WITH_LATEST, EVERY_BODY } from '../support/every-operation.ts';
import { TEST_NONCE } from '../support/group-log.ts';
import { deviceNamed, inviteNamed } from '../support/named-device.ts';

interface GoldenOperation {
  readonly kind: string;
  readonly hex: string;
  readonly hash: string;
}

interface Golden {
  readonly group: string;
  readonly operations: readonly GoldenOperation[];
  /** With the optional field that names last changes. */
  readonly withLatest: readonly GoldenOperation[];
  readonly redeemProof: { readonly proof: string; readonly consent: string };
  readonly codes: readonly { readonly text: string; readonly bootstrap: readonly string[] }[];
  readonly phrase: string;
}

const golden = JSON.parse(readFileSync('test/golden/group-1.json', 'utf8')) as Golden;
const ann = deviceNamed('ann');
const bob = deviceNamed('bob');
const invite = inviteNamed('golden');
const group = groupIdOf(ann.id, TEST_NONCE);

describe('MD9 formats that are on disks and on the wire', () => {
  it('MD9 derives the same group id', () => {
    expect(group).toBe(golden.group);
  });

  it('MD9 has a golden operation of every kind, and keeps the numbers of later ones', () => {
    expect(golden.operations.map((one) => one.kind)).toEqual(Object.keys(KIND_NUMBERS));
    expect(Object.values({ ...KIND_NUMBERS, ...RESERVED_KIND_NUMBERS })).toEqual(
      Array.from({ length: 22 }, (_, at) => at + 1),
    );
  });

  function expectAsEver(body: OperationBody, sequence: number, known: GoldenOperation | undefined): void {
    const header = { generation: 1, device: ann.id, sequence, dependsOn: [], time: 1_900_000_000_000 };
    const signed = signOperation({ ...header, body }, group, ann.keyPair.secretKey);
    expect(toHex(signed.bytes)).toBe(known?.hex);
    expect(signed.hash).toBe(known?.hash);
    const decoded = decodeOperation(fromHex(known?.hex ?? ''));
    expect(decoded).toMatchObject({ type: 'operation', header });
    expect(decoded.type === 'operation' && decoded.body).toEqual({ type: 'known', body });
    expect(decoded.type === 'operation' && isSignedByAuthor(decoded, group)).toBe(true);
  }

  it.each(EVERY_BODY.map((body, at) => ({ body, at })))('MD9 reads and writes $body.kind as ever', ({ body, at }) => {
    expectAsEver(body, at + 1, golden.operations[at]);
  });

  it.each(BODIES_WITH_LATEST.map((body, at) => ({ body, at })))(
    'MD9 reads and writes the last changes that $body.kind names as ever',
    ({ body, at }) => {
      expectAsEver(body, EVERY_BODY.length + at + 1, golden.withLatest[at]);
    },
  );

  it('MD9 reads names of changes in their one form only', () => {
    const hash = fromHex('11'.repeat(32));
    const later = fromHex('22'.repeat(32));
    const good: Encodable[] = [
      [],
      [[0, hash]],
      [[5, new Uint8Array([...hash, ...later])]],
      [
        [0, hash],
        [63, hash],
      ],
    ];
    const bad: Encodable[] = [
      null,
      [[64, hash]],
      [[-1, hash]],
      [[0, new Uint8Array(0)]],
      [[0, hash.subarray(1)]],
      [[0, new Uint8Array([...later, ...hash])]],
      [[0, new Uint8Array([...hash, ...hash])]],
      [
        [1, hash],
        [0, hash],
      ],
      [
        [0, hash],
        [0, later],
      ],
      [[0, hash, 1]],
      [[0, toHex(hash)]],
      [[0, Buffer.concat(Array.from({ length: 17 }, (_, at) => new Uint8Array(32).fill(at)))]],
    ];
    for (const value of good) expect(latestToValue(latestFromValue(decodeValue(encodeValue(value))))).toEqual(value);
    for (const value of bad) expect(() => latestFromValue(decodeValue(encodeValue(value)))).toThrow(FieldError);
  });

  it('MD9 signs the redemption of an invite as ever', () => {
    const made = makeRedeemProof({
      group,
      invite: invite.id,
      inviteSecretKey: invite.keyPair.secretKey,
      device: bob.id,
      deviceSecretKey: bob.keyPair.secretKey,
      name: 'bob',
    });
    expect({ proof: made.proof, consent: made.consent }).toEqual(golden.redeemProof);
  });

  it('MD18 reads and writes invite codes as ever', () => {
    for (const { text, bootstrap } of golden.codes) {
      const code = { secret: invite.seed, firstEntry: fromHex(group).subarray(0, 16), bootstrap };
      expect(formatInviteCode(code)).toBe(text);
      const parsed = parseInviteCode(text);
      expect({ ...parsed, secret: toHex(parsed.secret), firstEntry: toHex(parsed.firstEntry) }).toEqual({
        secret: toHex(invite.seed),
        firstEntry: group.slice(0, 32),
        bootstrap,
      });
    }
  });

  it('MD19 shows the same words on both screens as ever', () => {
    expect(matchingPhrase(ann.id, bob.id, invite.id)).toBe(golden.phrase);
    expect(matchingPhrase(bob.id, ann.id, invite.id)).toBe(golden.phrase);
    expect(matchingPhrase(bob.id, deviceNamed('eve').id, invite.id)).not.toBe(golden.phrase);
  });
});
