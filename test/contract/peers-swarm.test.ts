import { startBootstrap } from '../../electron/engine/network/bootstrap-node.ts';
import { NetworkWorld } from '../support/network-harness.ts';
import { describePeersContract } from './peers-contract.ts';

describePeersContract('Hyperswarm with a bootstrap node of its own', async () => {
  const bootstrap = await startBootstrap({ host: '127.0.0.1', port: 0 });
  const network = { dht: true, lan: false, bootstrap: [bootstrap.address] };
  const world = new NetworkWorld();
  const a = await world.device({ network });
  const b = await world.device({ network });
  const members = [...world.members];
  world.members.clear();
  const setMembers = (ids: typeof members): void => {
    world.members.clear();
    for (const id of ids) world.members.add(id);
    a.network.recheck();
    b.network.recheck();
  };
  return {
    a: a.network,
    b: b.network,
    idA: a.id,
    idB: b.id,
    connect: () => setMembers(members),
    cut: () => setMembers([]),
    deliver: () => {},
    close: async () => {
      await world.close();
      await bootstrap.close();
    },
  };
});
