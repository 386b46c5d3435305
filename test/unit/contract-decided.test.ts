import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRouter } from '../../electron/engine/contract/router.ts';
import type { ServedEngine } from '../../electron/engine/contract/served-engine.ts';
import { SessionCluster, type SessionNode } from '../support/session-cluster.ts';

let base = '';
let cluster: SessionCluster;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'contract-decided-')));
  cluster = new SessionCluster(base, 1);
});
afterEach(async () => {
  await cluster.close();
  rmSync(base, { recursive: true, force: true });
});

it('says of every change of the group whether it is decided or waits', { timeout: 120_000 }, async () => {
  await cluster.begin(['Studio', 'Work', 'Laptop']);
  const [studio, ...others] = cluster.nodes as [SessionNode, ...SessionNode[]];
  const session = cluster.on(studio);
  const served: Pick<ServedEngine, 'group' | 'view'> = { group: () => session, view: () => ({}) as never };
  const client = createRouterClient(createRouter(served as ServedEngine));
  const { folder } = cluster;
  const place = join(base, 'elsewhere');
  mkdirSync(place);
  const decided = (name: string) => cluster.while(client.folders.rename({ folder, name }));

  expect(await decided('With a master')).toEqual({ state: 'committed' });
  const { id: open, state } = await cluster.while(client.group.invite({}));
  expect(state).toBe('committed');
  for (const other of others) await cluster.stop(other);
  await cluster.until(() => !session.metadata.view().decides, 'no master');

  expect(await decided('Without one')).toEqual({ state: 'waiting' });
  const changes = [
    () => client.group.invite({}),
    () => client.group.revokeInvite({ id: open }),
    () => client.master.setBudget({ budgetMs: 6_000 }),
    () => client.folders.drop({ folder }),
    () => client.folders.accept({ folder, path: place }),
    () => client.folders.unshare({ folder }),
  ];
  for (const change of changes)
    expect(await cluster.while(change()), String(change)).toMatchObject({ state: 'waiting' });
  expect(session.metadata.waiting()).toHaveLength(changes.length + 1);
});
