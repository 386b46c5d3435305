import { assertNever } from '../../../shared/invariant.ts';
import { MAX_NAME_BYTES } from '../../../shared/limits.ts';
import type { Encodable } from '../bytes/codec.ts';
import { fromHex } from '../bytes/hex.ts';
import { SIGNATURE_BYTES } from '../bytes/signature.ts';
import type { Access, Approval, OperationBody, Role, Selection } from './body.ts';
import { Fields } from './fields.ts';
import type { OperationKind } from './kinds.ts';
import { latestByFolderFromValue, latestByFolderToValue, latestFromValue, latestToValue } from './latest-changes.ts';

// On the wire a choice is its place in these lists: they only ever grow at the end.
const ROLES: readonly Role[] = ['admin', 'member'];
const ACCESSES: readonly Access[] = ['readWrite', 'readOnly', 'none'];
const APPROVALS: readonly Approval[] = ['ask', 'auto'];
const SELECTIONS: readonly Selection[] = ['none', 'all'];

/** Bytes of the nonce in `group.create`. */
export const GROUP_NONCE_BYTES = 16;

/** The fields of a body as they are encoded; the kind itself stands beside them in the operation. */
export function bodyToFields(body: OperationBody): Encodable {
  switch (body.kind) {
    case 'group.create':
      return { name: body.name, deviceName: body.deviceName, nonce: fromHex(body.nonce) };
    case 'device.rename':
      return { device: fromHex(body.device), name: body.name };
    case 'device.setRole':
      return { device: fromHex(body.device), role: ROLES.indexOf(body.role) };
    case 'device.remove':
      return {
        device: fromHex(body.device),
        closing: body.closing,
        ...(body.latest === undefined ? {} : { latest: latestByFolderToValue(body.latest) }),
      };
    case 'invite.create':
      return {
        invite: fromHex(body.invite),
        key: fromHex(body.publicKey),
        role: ROLES.indexOf(body.role),
        approval: APPROVALS.indexOf(body.approval),
        duration: body.durationMs,
      };
    case 'invite.revoke':
      return { invite: fromHex(body.invite) };
    case 'invite.redeem':
      return {
        invite: fromHex(body.invite),
        device: fromHex(body.device),
        name: body.name,
        proof: fromHex(body.proof),
        consent: fromHex(body.consent),
      };
    case 'folder.create':
      return {
        folder: fromHex(body.folder),
        name: body.name,
        access: ACCESSES.indexOf(body.access),
        bits: body.indexBits,
      };
    case 'folder.rename':
      return { folder: fromHex(body.folder), name: body.name };
    case 'folder.remove':
      return { folder: fromHex(body.folder) };
    case 'folder.setAccess':
      return {
        folder: fromHex(body.folder),
        device: fromHex(body.device),
        access: ACCESSES.indexOf(body.access),
        closing: body.closing,
        ...(body.latest === undefined ? {} : { latest: latestToValue(body.latest) }),
      };
    case 'folder.transferOwner':
      return { folder: fromHex(body.folder), device: fromHex(body.device) };
    case 'folder.setSelection':
      return {
        folder: fromHex(body.folder),
        device: fromHex(body.device),
        selection: SELECTIONS.indexOf(body.selection),
      };
    case 'policy.set':
      return { budget: body.budgetMs };
    case 'rules.raise':
      return { rules: body.rules, folder: body.folder === null ? null : fromHex(body.folder) };
    default:
      return assertNever(body);
  }
}

/** The body of a known kind. Throws `FieldError` where the value is not exactly of that kind's form. */
export function bodyFromFields(kind: OperationKind, value: unknown): OperationBody {
  const fields = new Fields(value);
  const body = readBody(kind, fields);
  fields.end();
  return body;
}

function readBody(kind: OperationKind, f: Fields): OperationBody {
  switch (kind) {
    case 'group.create':
      return { kind, name: name(f), deviceName: name(f, 'deviceName'), nonce: f.hex('nonce', GROUP_NONCE_BYTES) };
    case 'device.rename':
      return { kind, device: f.device('device'), name: name(f) };
    case 'device.setRole':
      return { kind, device: f.device('device'), role: f.choice('role', ROLES) };
    case 'device.remove':
      return {
        kind,
        device: f.device('device'),
        closing: f.uintOrNull('closing'),
        ...(f.has('latest') ? { latest: latestByFolderFromValue(f.any('latest')) } : {}),
      };
    case 'invite.create':
      return {
        kind,
        invite: f.invite('invite'),
        publicKey: f.hex('key', 32),
        role: f.choice('role', ROLES),
        approval: f.choice('approval', APPROVALS),
        durationMs: f.uint('duration'),
      };
    case 'invite.revoke':
      return { kind, invite: f.invite('invite') };
    case 'invite.redeem':
      return {
        kind,
        invite: f.invite('invite'),
        device: f.device('device'),
        name: name(f),
        proof: f.hex('proof', SIGNATURE_BYTES),
        consent: f.hex('consent', SIGNATURE_BYTES),
      };
    case 'folder.create':
      return {
        kind,
        folder: f.folder('folder'),
        name: name(f),
        access: f.choice('access', ACCESSES),
        indexBits: f.uint('bits'),
      };
    case 'folder.rename':
      return { kind, folder: f.folder('folder'), name: name(f) };
    case 'folder.remove':
      return { kind, folder: f.folder('folder') };
    case 'folder.setAccess':
      return {
        kind,
        folder: f.folder('folder'),
        device: f.device('device'),
        access: f.choice('access', ACCESSES),
        closing: f.uintOrNull('closing'),
        ...(f.has('latest') ? { latest: latestFromValue(f.any('latest')) } : {}),
      };
    case 'folder.transferOwner':
      return { kind, folder: f.folder('folder'), device: f.device('device') };
    case 'folder.setSelection':
      return {
        kind,
        folder: f.folder('folder'),
        device: f.device('device'),
        selection: f.choice('selection', SELECTIONS),
      };
    case 'policy.set':
      return { kind, budgetMs: f.uint('budget') };
    case 'rules.raise':
      return { kind, rules: f.uint('rules'), folder: f.folderOrNull('folder') };
    default:
      return assertNever(kind);
  }
}

/** Longer texts are no names; what a name may hold is judged by the rules (rules/names.ts). */
function name(fields: Fields, key = 'name'): string {
  return fields.text(key, MAX_NAME_BYTES);
}
