import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { liveFolders } from '../../electron/engine/group/select.ts';
import { forgetGroup, recordFounding } from '../../electron/engine/metadata/beginning.ts';
import { openMetadata } from '../../electron/engine/metadata/metadata.ts';
import { openLmdbStore } from '../../electron/engine/storage/lmdb-store.ts';
import { errorCodeOf } from '../../shared/errors.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { folderNamed } from '../support/group-log.ts';
import { createMemoryNetwork } from '../support/memory-peers.ts';
import { deviceNamed } from '../support/named-device.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

it('MD14 keeps the group on the real database over restarts, until it is forgotten', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'flotilla-metadata-'));
  try {
    const path = join(directory, 'state.lmdb');
    const { keyPair, id } = deviceNamed('ann');
    const clock = createFakeClock();
    const random = createSeededRandom(1);
    let store = openLmdbStore(path);
    const group = recordFounding({ store, clock, random, keyPair, name: 'Home', deviceName: 'ann' });
    const open = () => {
      const peers = createMemoryNetwork().peersOf(id);
      const metadata = openMetadata({ store, peers, clock, random, keyPair, group });
      metadata.start();
      return metadata;
    };
    const first = open();
    const folder = folderNamed('one');
    const body = { kind: 'folder.create', folder, name: 'one', access: 'readWrite', indexBits: 6 } as const;
    expect(await first.submit(body).decided).toEqual({ type: 'committed' });
    first.stop();
    await store.close();

    store = openLmdbStore(path);
    const again = open();
    expect(liveFolders(again.state()).map((one) => one.name)).toEqual(['one']);
    expect(again.waiting()).toEqual([]);
    again.stop();
    store.transaction((tx) => forgetGroup(tx, group));
    let code = 'none';
    try {
      open();
    } catch (error) {
      code = errorCodeOf(error);
    }
    expect(code).toBe('no-group');
    await store.close();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
