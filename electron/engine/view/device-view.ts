import type { DeviceId } from '../../../shared/ids.ts';
import type { Device as DeviceModel } from '../../../shared/model/device.ts';
import type { Rates } from '../../../shared/model/values.ts';
import { isMember } from '../group/select.ts';
import type { GroupState } from '../group/state.ts';
import type { Report } from '../metadata/report.ts';
import type { ConnectedPeer } from '../ports/peers.ts';

/** What is known of the devices beside the log. */
export interface DeviceKnowledge {
  readonly self: DeviceId;
  readonly electorate: ReadonlyMap<DeviceId, number>;
  readonly master: DeviceId | null;
  readonly connected: readonly ConnectedPeer[];
  readonly now: number;
  lastSeen(device: DeviceId): number | null;
  report(device: DeviceId): Report | null;
  rates(device: DeviceId): Rates;
}

/** The devices as people see them: members, and removed ones that still vote; longest-standing first. */
export function deviceViews(state: GroupState, known: DeviceKnowledge): readonly DeviceModel[] {
  const links = new Map(known.connected.map((peer) => [peer.device, peer]));
  return [...state.devices.values()]
    .filter((device) => (known.electorate.get(device.id) ?? 0) > 0 || isMember(device))
    .sort((a, b) => a.joinedAt - b.joinedAt)
    .map((device): DeviceModel => {
      const self = device.id === known.self;
      const link = links.get(device.id);
      const report = known.report(device.id);
      // What rests needs nothing that would come by itself.
      const folders = [...(report?.folders.values() ?? [])].filter((folder) => folder.state === 'working');
      return {
        id: device.id,
        name: device.name,
        self,
        online: self || link !== undefined,
        role: device.role,
        weight: known.electorate.get(device.id) ?? 0,
        master: known.master === device.id,
        lastSeen: self || link !== undefined ? known.now : known.lastSeen(device.id),
        link: link === undefined ? null : { kind: link.kind, rttMs: link.rttMs },
        rates: known.rates(device.id),
        joinedAt: device.joinedStamp,
        leaving: device.memberships.at(-1)?.end !== null,
        platform: report?.platform ?? null,
        needFiles: folders.reduce((sum, folder) => sum + folder.needFiles, 0),
        needBytes: folders.reduce((sum, folder) => sum + folder.needBytes, 0),
        freeBytes: report?.freeBytes ?? null,
      };
    });
}
