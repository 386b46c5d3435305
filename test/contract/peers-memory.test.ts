import type { DeviceId } from '../../shared/ids.ts';
import { createMemoryNetwork } from '../support/memory-peers.ts';
import { describePeersContract } from './peers-contract.ts';

describePeersContract('the memory network', async () => {
  const network = createMemoryNetwork();
  const idA = 'aa'.repeat(32) as DeviceId;
  const idB = 'bb'.repeat(32) as DeviceId;
  return {
    a: network.peersOf(idA),
    b: network.peersOf(idB),
    idA,
    idB,
    connect: () => network.connect(idA, idB),
    cut: () => network.disconnect(idA, idB),
    deliver: () => network.deliverAll(),
    close: () => Promise.resolve(),
  };
});
