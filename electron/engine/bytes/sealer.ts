import type { GroupId } from '../../../shared/ids.ts';
import type { Sealer } from '../consensus/types.ts';
import { signCommitProof } from './commit-proof.ts';
import { sealLogEntry } from './log-entry.ts';

/** The sealer of a device in a group: signs entries and commit proofs with its secret key. */
export function createSealer(group: GroupId, secretKey: Uint8Array): Sealer {
  return {
    seal: (draft) => sealLogEntry(group, draft, secretKey),
    prove: (position) => signCommitProof(group, position, secretKey),
  };
}
