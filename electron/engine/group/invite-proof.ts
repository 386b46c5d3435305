import type { DeviceId, GroupId, InviteId } from '../../../shared/ids.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { SIGNATURE_BYTES, sign, verify } from '../bytes/signature.ts';
import type { BodyOf } from './body.ts';

/** What a newcomer brings to a member: its key and name, and two signatures that let the member redeem the invite. */
export interface RedeemProof {
  readonly invite: InviteId;
  readonly device: DeviceId;
  readonly name: string;
  /** By the invite's key over group and newcomer key: whoever made this holds the code. */
  readonly proof: string;
  /** By the newcomer's key over group, invite and name: the key's owner wants this. */
  readonly consent: string;
}

const nameBytes = (name: string): Uint8Array => new TextEncoder().encode(name);

/** Made by the newcomer, who has the invite's secret key from the code and its own. */
export function makeRedeemProof(input: {
  readonly group: GroupId;
  readonly invite: InviteId;
  readonly inviteSecretKey: Uint8Array;
  readonly device: DeviceId;
  readonly deviceSecretKey: Uint8Array;
  readonly name: string;
}): RedeemProof {
  const { group, invite, device, name } = input;
  const proof = sign('flotilla/redeem/1', [fromHex(group), fromHex(device)], input.inviteSecretKey);
  const parts = [fromHex(group), fromHex(invite), nameBytes(name)];
  const consent = sign('flotilla/newcomer/1', parts, input.deviceSecretKey);
  return { invite, device, name, proof: toHex(proof), consent: toHex(consent) };
}

/** Whether both signatures are good; `publicKey` is the invite's as the log has it (64 hex digits). */
export function isRedeemProofGood(group: GroupId, publicKey: string, redeem: RedeemProof): boolean {
  if (redeem.proof.length !== 2 * SIGNATURE_BYTES || redeem.consent.length !== 2 * SIGNATURE_BYTES) return false;
  const byInvite = verify(
    'flotilla/redeem/1',
    [fromHex(group), fromHex(redeem.device)],
    fromHex(redeem.proof),
    fromHex(publicKey),
  );
  const byNewcomer = verify(
    'flotilla/newcomer/1',
    [fromHex(group), fromHex(redeem.invite), nameBytes(redeem.name)],
    fromHex(redeem.consent),
    fromHex(redeem.device),
  );
  return byInvite && byNewcomer;
}

/** The operation's body that admits the newcomer. */
export function redeemBody(redeem: RedeemProof): BodyOf<'invite.redeem'> {
  const { invite, device, name, proof, consent } = redeem;
  return { kind: 'invite.redeem', invite, device, name, proof, consent };
}
