import type { DeviceId } from '../../../shared/ids.ts';
import { memberOf } from '../group/select.ts';
import type { GroupSession } from './group-session.ts';

/** The name by which the group knows this device, which an admin may have given it; null outside of a group. */
export function nameInGroup(session: GroupSession | null, self: DeviceId): string | null {
  return session === null ? null : (memberOf(session.state(), self)?.name ?? null);
}

/** Tells the group the name that was given at the start, unless it knows it or will. Rejects where it is refused. */
export async function tellName(session: GroupSession, self: DeviceId, name: string): Promise<void> {
  const known = nameInGroup(session, self);
  if (known === null || known === name) return;
  const waits = session.metadata.waiting().some(({ body }) => body.kind === 'device.rename' && body.name === name);
  if (!waits) await session.decide({ kind: 'device.rename', device: self, name });
}
