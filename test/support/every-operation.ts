import { toHex } from '../../electron/engine/bytes/hex.ts';
import type { OperationBody } from '../../electron/engine/group/body.ts';
import { folderNamed, TEST_NONCE } from './group-log.ts';
import { deviceNamed, inviteNamed } from './named-device.ts';

const bob = deviceNamed('bob').id;
const photos = folderNamed('photos');
const invite = inviteNamed('golden');
const change = (digit: string): string => digit.repeat(64);

/** One body of each kind, every field with a value that can be told from the others. */
export const EVERY_BODY: readonly OperationBody[] = [
  { kind: 'group.create', name: 'Home', deviceName: 'Studio', nonce: TEST_NONCE },
  { kind: 'device.rename', device: bob, name: 'Büro' },
  { kind: 'device.setRole', device: bob, role: 'member' },
  { kind: 'device.remove', device: bob, closing: 4711 },
  {
    kind: 'invite.create',
    invite: invite.id,
    publicKey: toHex(invite.keyPair.publicKey),
    role: 'admin',
    approval: 'auto',
    durationMs: 86_400_000,
  },
  { kind: 'invite.revoke', invite: invite.id },
  {
    kind: 'invite.redeem',
    invite: invite.id,
    device: bob,
    name: 'bob',
    proof: '11'.repeat(64),
    consent: '22'.repeat(64),
  },
  { kind: 'folder.create', folder: photos, name: 'Photos', access: 'readOnly', indexBits: 6 },
  { kind: 'folder.rename', folder: photos, name: 'Pictures' },
  { kind: 'folder.remove', folder: photos },
  { kind: 'folder.setAccess', folder: photos, device: bob, access: 'none', closing: null },
  { kind: 'folder.transferOwner', folder: photos, device: bob },
  { kind: 'folder.setSelection', folder: photos, device: bob, selection: 'all' },
  { kind: 'policy.set', budgetMs: 3000 },
  { kind: 'rules.raise', rules: 2, folder: null },
];

/** Bodies with the optional field that names the last changes of a device whose right to write ends. */
export const BODIES_WITH_LATEST: readonly OperationBody[] = [
  {
    kind: 'device.remove',
    device: bob,
    closing: 4711,
    latest: new Map([
      [folderNamed('music'), new Map()],
      [photos, new Map([[0, [change('3')]]])],
    ]),
  },
  {
    kind: 'folder.setAccess',
    folder: photos,
    device: bob,
    access: 'readOnly',
    closing: 4711,
    latest: new Map([
      [5, [change('1'), change('2')]],
      [63, [change('3')]],
    ]),
  },
];
