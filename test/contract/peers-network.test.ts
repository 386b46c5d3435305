import { NetworkWorld } from '../support/network-harness.ts';
import { describePeersContract } from './peers-contract.ts';

describePeersContract('TCP on loopback', async () => {
  const world = new NetworkWorld();
  const a = await world.device();
  const b = await world.device();
  return {
    a: a.network,
    b: b.network,
    idA: a.id,
    idB: b.id,
    connect: () => world.introduce(a, b),
    cut: () => {
      world.members.clear();
      a.network.recheck();
      b.network.recheck();
    },
    deliver: () => {},
    close: () => world.close(),
  };
});
