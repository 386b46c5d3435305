import type { Metadata } from '../metadata/metadata.ts';
import type { LinkedGroup } from '../network/linked-groups.ts';
import { isRemoved } from './leaving.ts';

/** A group's log as the network asks it; `bare`: the others are let in for the metadata alone. */
export function linkedGroup(metadata: Metadata, bare: boolean): LinkedGroup {
  return {
    id: metadata.group,
    members: () => metadata.wantedPeers(),
    admission: (device) => {
      const admission = metadata.admission(device);
      return bare && admission === 'member' ? 'metadataOnly' : admission;
    },
    wasRemoved: (device) => isRemoved(metadata.state(), device),
  };
}
