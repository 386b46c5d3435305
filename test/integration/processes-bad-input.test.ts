import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { FREE_SPACE_RESERVE_BYTES } from '../../shared/limits.ts';
import { eventually, Playground, type RealEngine, runCli } from '../support/real-engine.ts';
import { folderOf, groupOf, settle, shareAmong } from '../support/real-group.ts';
import { treeOnDisk } from '../support/tree-on-disk.ts';

let ground = new Playground();
const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await ground.end();
  ground = new Playground();
});

/** The root user without what lets it pass over modes and owners; anyone else needs nothing taken away. */
const ORDINARY: readonly string[] =
  process.getuid?.() === 0
    ? ['setpriv', '--inh-caps=-dac_override,-dac_read_search', '--bounding-set=-dac_override,-dac_read_search']
    : [];

/** Codes of the problems that the engine lists for a folder, by path. */
async function problemsOf(engine: RealEngine, folder: string): Promise<Record<string, string>> {
  const found = await folderOf(engine, folder);
  return Object.fromEntries((found?.problems ?? []).map(({ path, code }) => [path, code]));
}

describe('a path that cannot be shared or accepted', () => {
  it('is refused with its reason, and nothing is made there', async () => {
    const one = await ground.engine('Studio', ['--no-dht']).start();
    await one.run('create-group', 'Home');
    const work = ground.path('outer', 'work');
    mkdirSync(join(work, 'inner'), { recursive: true });
    writeFileSync(ground.path('file'), 'a file');
    expect(await one.refused('share', ground.path('missing'))).toBe('path-not-found');
    expect(await one.refused('share', ground.path('file'))).toBe('path-not-a-directory');
    expect(await one.refused('share', ground.path('file', 'below'))).toBe('path-not-a-directory');
    expect(await one.refused('share', '/proc/sys')).toBe('path-not-writable');
    const { folder } = await one.run<{ folder: string }>('share', work);
    expect(await one.refused('share', work)).toBe('path-inside-folder');
    expect(await one.refused('share', join(work, 'inner'))).toBe('path-inside-folder');
    expect(await one.refused('share', ground.path('outer'))).toBe('path-around-folder');
    expect(await one.refused('share', one.home)).toBe('path-meets-home');
    expect(await one.refused('accept', folder, ground.path('elsewhere'))).toBe('folder-already-held');
    expect(await one.refused('accept', 'f'.repeat(32), ground.path('elsewhere'))).toBe('not-found');
    expect(await one.refused('drop', 'no such folder')).toBe('not-found');
    expect(existsSync(ground.path('outer', '.flotilla'))).toBe(false);
    expect(existsSync(join(work, 'inner', '.flotilla'))).toBe(false);
    expect(existsSync(ground.path('elsewhere'))).toBe(false);
    await one.run('drop', folder);
    expect(await one.refused('accept', folder, ground.path('file'))).toBe('path-not-a-directory');
    expect(await one.refused('accept', folder, '/proc/sys/new')).toBe('path-not-writable');
    expect(await one.state('folders')).toHaveLength(1);
  });
});

describe('things in a folder that cannot be synced', () => {
  it('are listed with their reason and left alone; all else is synced', { timeout: 120_000 }, async () => {
    const one = await ground.engine('Studio', ['--no-dht'], { launcher: ORDINARY }).start();
    const two = await ground.engine('Laptop', ['--no-dht']).start();
    await one.run('create-group', 'Home');
    await two.joinVia(one);
    const { folder, places } = await shareAmong(ground, [one, two], 'Work');
    const [work, copy] = places as [string, string];
    execFileSync('mkfifo', [join(work, 'pipe')]);
    const server = createServer().listen(join(work, 'socket'));
    servers.push(server);
    writeFileSync(Buffer.concat([Buffer.from(`${work}/latin-`), Buffer.from([0xe9, 0x2e, 0x74, 0x78, 0x74])]), 'x');
    writeFileSync(join(work, 'secret.txt'), 'nobody may read this');
    chmodSync(join(work, 'secret.txt'), 0o000);
    mkdirSync(join(work, 'closed'));
    writeFileSync(join(work, 'closed', 'inside.txt'), 'nor this');
    const wanted: Record<string, string> = { pipe: 'file-kind-unsupported', socket: 'file-kind-unsupported' };
    if (process.getuid?.() === 0) {
      execFileSync('mknod', [join(work, 'device'), 'c', '1', '3']);
      writeFileSync(join(work, 'theirs.txt'), 'of another user', { mode: 0o600 });
      execFileSync('chown', ['65534:65534', join(work, 'theirs.txt')]);
      Object.assign(wanted, { device: 'file-kind-unsupported', 'theirs.txt': 'path-not-readable' });
    }
    writeFileSync(join(work, 'ordinary.txt'), 'this goes');
    await eventually('the ordinary file is there', async () => existsSync(join(copy, 'ordinary.txt')));
    const problems = await eventually('all problems are listed', async () => {
      const listed = await problemsOf(one, folder);
      return Object.keys(wanted).every((path) => path in listed) && 'secret.txt' in listed ? listed : null;
    });
    expect(problems).toMatchObject({ ...wanted, 'secret.txt': 'path-not-readable' });
    expect(Object.values(problems)).toContain('name-not-utf8');
    const names = readdirSync(work, { encoding: 'buffer' }).map((name) => name.toString('latin1'));
    expect(names).toEqual(expect.arrayContaining(['pipe', 'socket', 'latin-é.txt', 'secret.txt']));
    expect(readdirSync(copy).sort()).toEqual(['.flotilla', 'closed', 'ordinary.txt']);

    // What could be read before is not taken for removed when it cannot any more; nor is a directory.
    await eventually('the directory’s file', async () => existsSync(join(copy, 'closed', 'inside.txt')));
    chmodSync(join(work, 'closed'), 0o000);
    await one.run('rescan', folder);
    await eventually('the closed directory is listed', async () => 'closed' in (await problemsOf(one, folder)));
    expect(readFileSync(join(copy, 'closed', 'inside.txt'), 'utf8')).toBe('nor this');
    chmodSync(join(work, 'closed'), 0o755);
    chmodSync(join(work, 'secret.txt'), 0o644);
    await one.run('rescan', folder);
    await eventually('both can be read again', async () => existsSync(join(copy, 'secret.txt')));
    await eventually('their problems are gone', async () => {
      const listed = await problemsOf(one, folder);
      return !('secret.txt' in listed) && !('closed' in listed);
    });
    expect(readFileSync(join(copy, 'closed', 'inside.txt'), 'utf8')).toBe('nor this');
  });

  it('a file that goes on changing arrives whole once it rests', { timeout: 120_000 }, async () => {
    const [one, two] = (await groupOf(ground, ['Studio', 'Laptop'], ['--no-dht'])) as [RealEngine, RealEngine];
    const { folder, places } = await shareAmong(ground, [one, two], 'Work');
    const [work, copy] = places as [string, string];
    const log = join(work, 'growing.log');
    writeFileSync(log, 'begin\n');
    let lines = 0;
    const growing = setInterval(() => {
      lines += 1;
      appendFileSync(log, `${lines} ${'x'.repeat(64 * 1024)}\n`);
    }, 5);
    try {
      writeFileSync(join(work, 'other.txt'), 'not held up');
      await eventually('another file arrives meanwhile', async () => existsSync(join(copy, 'other.txt')));
      await eventually('it has grown', async () => lines > 200);
    } finally {
      clearInterval(growing);
    }
    await settle(one, two);
    expect(treeOnDisk(copy)).toEqual(treeOnDisk(work));
    expect(await problemsOf(one, folder)).toEqual({});
    expect(await one.state('conflicts')).toEqual([]);
  });
});

describe('a full disk', () => {
  it('makes what does not fit wait, loses nothing, and goes on when there is room', { timeout: 120_000 }, async () => {
    const disk = ground.path('small disk');
    const copy = join(disk, 'work');
    mkdirSync(disk);
    // Mounts of its own: the rest of the machine never sees the small disk. All but 96 MiB of it are taken.
    const asRoot = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
    const mounting = 'mount -t tmpfs -o size=256m tmpfs "$0" && head -c 160M /dev/zero > "$0/filler" && exec "$@"';
    const launcher = ['unshare', ...asRoot, '--mount', 'sh', '-c', mounting, disk];
    const one = await ground.engine('Studio', ['--no-dht']).start();
    const two = await ground.engine('Laptop', ['--no-dht'], { launcher }).start();
    await one.run('create-group', 'Home');
    await two.joinVia(one);
    const work = ground.path('work');
    mkdirSync(work);
    const { folder } = await one.run<{ folder: string }>('share', work);
    await eventually('the folder is offered', async () => (await folderOf(two, folder)) !== null);
    await two.run('accept', folder, copy);
    const seen = `/proc/${two.pid}/root${copy}`;
    writeFileSync(join(work, 'first.txt'), 'fits');
    await settle(one, two);
    expect(readFileSync(join(seen, 'first.txt'), 'utf8')).toBe('fits');

    writeFileSync(ground.path('large.bin'), Buffer.alloc(64 * 1024 * 1024, 'large '));
    renameSync(ground.path('large.bin'), join(work, 'large.bin'));
    const problems = await eventually('the full disk is listed', async () => {
      const listed = await problemsOf(two, folder);
      return 'large.bin' in listed ? listed : null;
    });
    expect(problems['large.bin']).toBe('disk-full');
    expect((await folderOf(two, folder))?.needFiles).toBe(1);
    const told = await eventually('the other device tells of it', async () => {
      const holder = (await folderOf(one, folder))?.holders.find(({ device }) => device === two.device);
      return holder?.diskFull ? holder : null;
    });
    expect(told).toMatchObject({ needBytes: 64 * 1024 * 1024, problems: 1 });
    expect(told.diskFull).toBeLessThan(64 * 1024 * 1024 + FREE_SPACE_RESERVE_BYTES);
    writeFileSync(join(work, 'first.txt'), 'still fits');
    await eventually('small files go on', async () => readFileSync(join(seen, 'first.txt'), 'utf8') === 'still fits');
    expect(existsSync(join(seen, 'large.bin'))).toBe(false);
    writeFileSync(join(seen, 'back.txt'), 'the other way');
    await eventually('and back', async () => existsSync(join(work, 'back.txt')));

    rmSync(`/proc/${two.pid}/root${disk}/filler`);
    await settle(one, two);
    expect(treeOnDisk(seen)).toEqual(treeOnDisk(work));
    expect(await problemsOf(two, folder)).toEqual({});
  });
});

describe('a web page of another origin', () => {
  it('gets nothing from the page’s server, by request or by WebSocket', async () => {
    const one = await ground.engine('Studio', ['--no-dht', '--web', '0']).start();
    const url = new URL(one.web ?? '');
    const token = url.searchParams.get('token') ?? '';
    const get = (path: string, headers: Record<string, string>, method = 'GET') =>
      new Promise<number>((done, failed) => {
        const asked = request({ host: '127.0.0.1', port: url.port, path, headers, method }, (answer) => {
          answer.resume();
          done(answer.statusCode ?? 0);
        });
        asked.on('error', failed).end();
      });
    const own = { host: url.host };
    const whole = `/?token=${token}`;
    expect(await get(whole, own)).toBe(200);
    expect(await get('/', own)).toBe(401);
    expect(await get('/?token=wrong', own)).toBe(401);
    expect(await get(whole, { host: 'evil.example' })).toBe(403);
    expect(await get(whole, { host: `evil.example:${url.port}` })).toBe(403);
    expect(await get(whole, { ...own, origin: 'https://evil.example' })).toBe(403);
    expect(await get(whole, { ...own, origin: 'null' })).toBe(403);
    expect(await get(whole, own, 'POST')).toBe(405);
    expect(await get(`/%2e%2e/%2e%2e/etc/passwd?token=${token}`, own)).toBe(404);

    const open = (path: string, origin: string | undefined, headers: Record<string, string> = {}) =>
      new Promise<string>((done) => {
        const socket = new WebSocket(`ws://${url.host}${path}`, {
          headers,
          ...(origin === undefined ? {} : { origin }),
        });
        socket.once('open', () => {
          done('open');
          socket.terminate();
        });
        socket.once('unexpected-response', (_, answer) => done(String(answer.statusCode)));
        socket.once('error', (error) => done(String(error)));
      });
    const good = `http://${url.host}`;
    expect(await open(whole, good)).toBe('open');
    expect(await open(whole, 'https://evil.example')).toBe('403');
    expect(await open(whole, undefined)).toBe('403');
    expect(await open('/', good)).toBe('403');
    expect(await open(whole, good, { host: 'evil.example' })).toBe('403');
    const cookie = { cookie: `flotilla-${url.port}=${token}` };
    expect(await open('/', good, cookie)).toBe('open');
    expect(await open('/', 'https://evil.example', cookie)).toBe('403');
  });
});

describe('the command line', () => {
  it('gives exactly one JSON value for every command that lists, in a group and before', async () => {
    const one = await ground.engine('Studio', ['--no-dht']).start();
    const lists = ['status', 'invites', 'requests', 'devices', 'waiting', 'folders', 'conflicts', 'master', 'health'];
    for (const name of lists) {
      const early = await one.attempt([name]);
      expect([0, 1], name).toContain(early.exit);
      expect(() => JSON.parse(early.stdout), name).not.toThrow();
    }
    await one.run('create-group', 'Home');
    const work = ground.path('work');
    mkdirSync(work);
    writeFileSync(join(work, 'a.txt'), 'a');
    await one.run('share', work);
    await one.run('invite');
    await one.run('wait-idle', '--timeout', '30');
    for (const name of lists) {
      const said = await one.attempt([name]);
      expect(said.exit, name).toBe(0);
      const value = JSON.parse(said.stdout) as unknown;
      expect(said.stdout.trim().split('\n'), name).toHaveLength(1);
      if (!['status', 'master', 'health'].includes(name)) expect(Array.isArray(value), name).toBe(true);
      const text = await runCli([name, '--home', one.home]);
      expect(text.exit, name).toBe(0);
      expect(text.stdout, name).not.toMatch(/undefined|NaN|\[object/);
    }
    expect(await one.run('versions', join(work, 'a.txt'))).toEqual([]);
    expect(await one.refused('versions', ground.path('elsewhere'))).toBe('path-outside-folder');
    expect(await one.refused('create-group', 'Second')).toBe('already-in-group');
    expect(await one.refused('restore', join(work, 'a.txt'), '--version', 'none')).toBe('version-unknown');
    expect(await one.refused('rename-device', 'nobody', 'Name')).toBe('not-found');
    expect(await one.refused('set-budget', '1')).toBe('budget-out-of-range');
  });

  it('ends with 2 where it is used wrongly, and knows nothing of what is not there yet', async () => {
    const home = ['--home', ground.path('home')];
    const wrong = [
      ['lock', 'x'],
      ['unlock', 'x'],
      ['locks'],
      ['prefer', 'x', 'always'],
      ['master', 'takeover'],
      ['start', '--witness'],
      ['start', '--listen', 'nowhere'],
      ['start', '--web', 'many'],
      ['start', '--bootstrap', 'no-port'],
      ['share'],
      ['share', '.', '--access', 'some'],
      ['access', 'f', 'd', 'all'],
      ['resolve', 'x', 'keep-some'],
      ['set-budget', 'soon'],
      ['wait-idle', '--timeout', 'soon'],
      ['confirm-home', 'maybe'],
      ['no-such-command'],
      ['status', '--no-such-option'],
    ];
    for (const args of wrong) expect((await runCli([...args, ...home])).exit, args.join(' ')).toBe(2);
    const { exit, stdout } = await runCli(['--help']);
    expect(exit).toBe(0);
    expect(stdout).not.toMatch(/lock|takeover|prefer|witness/);
    expect((await runCli(['start', '--help'])).stdout).not.toContain('witness');
  });

  it('says in one JSON value why an engine cannot start', async () => {
    const why = async (...args: readonly string[]): Promise<string> => {
      const said = await runCli(['start', '--json', '--no-dht', '--listen', '127.0.0.1', ...args]);
      expect(said.exit, said.stderr).toBe(1);
      return (JSON.parse(said.stdout) as { error: { code: string } }).error.code;
    };
    writeFileSync(ground.path('file'), 'no directory');
    expect(await why('--home', ground.path('file'))).toBe('home-not-usable');
    expect(await why('--home', ground.path('file', 'below'))).toBe('home-not-usable');
    const taken = createServer();
    servers.push(taken);
    await new Promise<void>((ready) => taken.listen(0, '127.0.0.1', ready));
    const { port } = taken.address() as { port: number };
    expect(await why('--home', ground.path('home'), '--web', String(port))).toBe('address-in-use');
    const nobody = await runCli(['status', '--json', '--home', ground.path('home')]);
    expect(nobody.exit).toBe(3);
    expect(JSON.parse(nobody.stdout)).toMatchObject({ error: { code: 'engine-not-running' } });
  });
});
