import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf, peakMemory, writeLargeFile } from '../support/large-file.ts';
import { Playground } from '../support/real-engine.ts';
import { foldersOf } from '../support/real-group.ts';

const GIB = 1024;

/** `tsx test/soak/large-file.ts [GiB]`: one large file between two real engines, compared whole, with what it took. */
async function soak(gibibytes: number): Promise<void> {
  const ground = new Playground();
  try {
    const one = await ground.engine('Studio', ['--no-dht']).start();
    const two = await ground.engine('Laptop', ['--no-dht', '--accept', ground.path('copies')]).start();
    await one.run('create-group', 'Home');
    await two.joinVia(one);
    const work = ground.path('work');
    mkdirSync(work);
    await one.run('share', work, '--name', 'Work');
    const copy = join(ground.path('copies'), 'Work');
    while ((await foldersOf(two))[0]?.path !== copy) console.log('waiting for the folder');
    writeLargeFile(join(work, 'large.bin'), gibibytes * GIB);
    console.log(`${gibibytes} GiB written`);
    const began = performance.now();
    await one.run('wait-idle', '--timeout', '3600');
    const seconds = (performance.now() - began) / 1_000;
    const same = (await hashOf(join(work, 'large.bin'))) === (await hashOf(join(copy, 'large.bin')));
    const rate = ((gibibytes * GIB) / seconds).toFixed(0);
    console.log(`${seconds.toFixed(1)} s, ${rate} MiB/s; peak memory ${peakMemory(one)} and ${peakMemory(two)} MiB`);
    if (!same) throw new Error('the copy is not what was shared');
  } finally {
    await ground.end();
  }
}

soak(Number(process.argv[2] ?? 5)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
