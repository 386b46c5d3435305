import type { DeviceId, FolderId, InviteId } from '../../../shared/ids.ts';
import type { LatestChanges } from './latest-changes.ts';

/** What a device may do in the group. */
export type Role = 'admin' | 'member';
/** What a device may do in a folder. */
export type Access = 'readWrite' | 'readOnly' | 'none';
/** What of a folder a device holds. Rules (a part of the folder) will be a third form. */
export type Selection = 'all' | 'none';
/** Whether an invite admits by itself or an admin has to approve. */
export type Approval = 'ask' | 'auto';

/** What an operation asks for: one form for each kind. Byte values are lower-case hex text. */
export type OperationBody =
  /** The first operation of every log; `nonce` is 16 bytes. */
  | { readonly kind: 'group.create'; readonly name: string; readonly deviceName: string; readonly nonce: string }
  | { readonly kind: 'device.rename'; readonly device: DeviceId; readonly name: string }
  | { readonly kind: 'device.setRole'; readonly device: DeviceId; readonly role: Role }
  /** Of oneself: leaving. `closing` as in `folder.setAccess`, for all folders; `latest` for those that it names. */
  | {
      readonly kind: 'device.remove';
      readonly device: DeviceId;
      readonly closing: number | null;
      readonly latest?: ReadonlyMap<FolderId, LatestChanges>;
    }
  /** `publicKey` (32 bytes) is the invite's; `durationMs` counts from the stamp of the entry. */
  | {
      readonly kind: 'invite.create';
      readonly invite: InviteId;
      readonly publicKey: string;
      readonly role: Role;
      readonly approval: Approval;
      readonly durationMs: number;
    }
  | { readonly kind: 'invite.revoke'; readonly invite: InviteId }
  /** `proof` is the invite key's signature, `consent` the newcomer's (see invite-proof.ts). */
  | {
      readonly kind: 'invite.redeem';
      readonly invite: InviteId;
      readonly device: DeviceId;
      readonly name: string;
      readonly proof: string;
      readonly consent: string;
    }
  /** `access` is everybody else's, later members' too. `indexBits`: the index has 2^indexBits shards. */
  | {
      readonly kind: 'folder.create';
      readonly folder: FolderId;
      readonly name: string;
      readonly access: Access;
      readonly indexBits: number;
    }
  | { readonly kind: 'folder.rename'; readonly folder: FolderId; readonly name: string }
  | { readonly kind: 'folder.remove'; readonly folder: FolderId }
  /**
   * Where the right to write ends, `latest` names the last changes of the device that the submitter, or any device
   * connected to it that may write there, has; absent where nobody could say. `closing` is the highest change counter of
   * the device that any of them has seen, null where that cannot be named: it decides while there is nothing better.
   */
  | {
      readonly kind: 'folder.setAccess';
      readonly folder: FolderId;
      readonly device: DeviceId;
      readonly access: Access;
      readonly closing: number | null;
      readonly latest?: LatestChanges;
    }
  | { readonly kind: 'folder.transferOwner'; readonly folder: FolderId; readonly device: DeviceId }
  | {
      readonly kind: 'folder.setSelection';
      readonly folder: FolderId;
      readonly device: DeviceId;
      readonly selection: Selection;
    }
  | { readonly kind: 'policy.set'; readonly budgetMs: number }
  /** Without a folder the rules of the reducer, with one those of that folder's remote tree. */
  | { readonly kind: 'rules.raise'; readonly rules: number; readonly folder: FolderId | null };

/** The body of one kind. */
export type BodyOf<Kind extends OperationBody['kind']> = Extract<OperationBody, { readonly kind: Kind }>;
