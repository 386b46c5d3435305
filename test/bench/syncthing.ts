/** Two Syncthings on loopback with everything off that leaves the machine, set up through its REST interface. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';

/** The program to compare with: `$SYNCTHING`, else the one on the path, else null. */
export function findSyncthing(): string | null {
  const program = process.env.SYNCTHING ?? 'syncthing';
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return program;
  } catch {
    return null;
  }
}

interface Node {
  readonly home: string;
  readonly folder: string;
  readonly gui: number;
  readonly listen: number;
  readonly process: ChildProcess;
  readonly key: string;
  readonly id: string;
}

/** A running pair. */
export interface SyncthingPair {
  readonly from: string;
  readonly to: string;
  stop(): Promise<void>;
}

/** `watcherDelayS` null leaves the default of 10 s. */
export async function startSyncthings(
  program: string,
  root: string,
  watcherDelayS: number | null,
): Promise<SyncthingPair> {
  const base = 20_000 + Math.floor(Math.random() * 20_000);
  const nodes = [await startNode(program, root, 'a', base), await startNode(program, root, 'b', base + 2)];
  const [a, b] = nodes as [Node, Node];
  for (const [node, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const config = (await ask(node, 'GET', '/rest/config')) as Record<string, unknown>;
    const defaults = (await ask(node, 'GET', '/rest/config/defaults/folder')) as Record<string, unknown>;
    const options = config.options as Record<string, unknown>;
    Object.assign(options, {
      listenAddresses: [`tcp://127.0.0.1:${node.listen}`],
      globalAnnounceEnabled: false,
      localAnnounceEnabled: false,
      relaysEnabled: false,
      natEnabled: false,
      urAccepted: -1,
      crashReportingEnabled: false,
      autoUpgradeIntervalH: 0,
      startBrowser: false,
      reconnectionIntervalS: 1,
    });
    config.devices = [node, other].map((device) => ({
      deviceID: device.id,
      addresses: [`tcp://127.0.0.1:${device.listen}`],
    }));
    const delay = watcherDelayS === null ? {} : { fsWatcherDelayS: watcherDelayS };
    const devices = [a, b].map((device) => ({ deviceID: device.id }));
    const folder = { ...defaults, id: 'bench', label: 'bench', path: node.folder, devices };
    const put = (own: object): Promise<unknown> => ask(node, 'PUT', '/rest/config', { ...config, folders: [own] });
    // Versions before 1.28 take whole seconds alone, and the shortest is one.
    await put({ ...folder, ...delay }).catch((error: unknown) => {
      if (watcherDelayS === null) throw error;
      return put({ ...folder, fsWatcherDelayS: 1 });
    });
  }
  for (const [node, other] of [
    [a, b],
    [b, a],
  ] as const) {
    await until(async () => {
      const seen = (await ask(node, 'GET', '/rest/system/connections')) as {
        connections: Record<string, { connected: boolean }>;
      };
      return seen.connections[other.id]?.connected === true;
    });
    await until(async () => {
      const status = (await ask(node, 'GET', '/rest/db/status?folder=bench')) as { state: string };
      return status.state === 'idle';
    });
  }
  return {
    from: a.folder,
    to: b.folder,
    async stop() {
      for (const node of nodes) {
        node.process.kill('SIGTERM');
        if (node.process.exitCode === null && node.process.signalCode === null) await once(node.process, 'exit');
      }
    },
  };
}

async function startNode(program: string, root: string, name: string, gui: number): Promise<Node> {
  const home = join(root, name, 'home');
  const folder = join(root, name, 'folder');
  mkdirSync(home, { recursive: true });
  mkdirSync(folder, { recursive: true });
  const environment = { ...process.env, STNODEFAULTFOLDER: '1', STNORESTART: '1', STNOUPGRADE: '1' };
  execFileSync(program, ['--generate', home], { stdio: 'ignore', env: environment });
  const key = /<apikey>([^<]+)<\/apikey>/.exec(readFileSync(join(home, 'config.xml'), 'utf8'))?.[1] ?? '';
  const args = ['--home', home, '--gui-address', `127.0.0.1:${gui}`, '--no-browser'];
  const child = spawn(program, args, { stdio: 'ignore', env: environment });
  // Whatever goes wrong, nothing is left running.
  process.once('exit', () => child.kill('SIGKILL'));
  const half = { home, folder, gui, listen: gui + 1, process: child, key, id: '' };
  await until(async () => {
    await ask(half, 'GET', '/rest/system/ping');
    return true;
  });
  const status = (await ask(half, 'GET', '/rest/system/status')) as { myID: string };
  return { ...half, id: status.myID };
}

async function until(good: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await good().catch(() => false))) {
    if (performance.now() > end) throw new Error('Syncthing did not get there');
    await new Promise((next) => setTimeout(next, 50));
  }
}

function ask(node: { gui: number; key: string }, method: string, path: string, body?: unknown): Promise<unknown> {
  return new Promise((done, fail) => {
    const headers = { 'X-API-Key': node.key, 'Content-Type': 'application/json' };
    const sent = request({ host: '127.0.0.1', port: node.gui, method, path, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => {
        if ((answer.statusCode ?? 500) >= 300) fail(new Error(`${method} ${path}: ${answer.statusCode} ${text}`));
        else done(text === '' ? null : JSON.parse(text));
      });
    });
    sent.on('error', fail);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
