import type { DeviceId } from '../../shared/ids.ts';
import { NetworkWorld } from '../support/network-harness.ts';
import { describePeersContract } from './peers-contract.ts';

describePeersContract('TCP, found by multicast on loopback', async () => {
  const world = new NetworkWorld();
  const a = await world.device();
  const b = await world.device();
  const members = [...world.members];
  const setMembers = (ids: readonly DeviceId[]): void => {
    world.members.clear();
    for (const id of ids) world.members.add(id);
    a.network.recheck();
    b.network.recheck();
  };
  setMembers([]);
  return {
    a: a.network,
    b: b.network,
    idA: a.id,
    idB: b.id,
    connect: () => setMembers(members),
    cut: () => setMembers([]),
    deliver: () => {},
    close: () => world.close(),
  };
});
