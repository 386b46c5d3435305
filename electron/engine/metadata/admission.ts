import type { DeviceId } from '../../../shared/ids.ts';
import { admissionOf } from '../group/select.ts';
import type { GroupState } from '../group/state.ts';
import type { Admission } from './peer-channel.ts';

/** Who looks: its own id, and the members that let it in. */
export interface Viewer {
  readonly self: DeviceId;
  readonly introduced: readonly DeviceId[];
}

/** How far a device is let in: by the log, and while that does not know this device yet, by whom it was introduced to. */
export function admissionFor(state: GroupState, viewer: Viewer, device: DeviceId): Admission {
  const admission = admissionOf(state, device);
  return admission === 'refused' && isIntroduced(state, viewer, device) ? 'member' : admission;
}

/** Devices that there should be links to. */
export function wantedPeersFor(state: GroupState, viewer: Viewer): readonly DeviceId[] {
  const all = new Set([...state.devices.keys(), ...viewer.introduced]);
  all.delete(viewer.self);
  return [...all].filter((device) => admissionFor(state, viewer, device) !== 'refused');
}

/** Introduced members count until the own log knows both them and this device: from then on it says who is in. */
function isIntroduced({ devices }: GroupState, { self, introduced }: Viewer, device: DeviceId): boolean {
  return introduced.includes(device) && !(devices.has(self) && devices.has(device));
}
