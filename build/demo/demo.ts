/**
 * `npm start -- --demo`: three devices on this machine with a home each, found through a DHT bootstrap node of their
 * own, with a folder that is shared already. `--demo --reset` removes all of it.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { withHeartbeat } from '../running/heartbeat.ts';
import { findWindowRuntime, sandboxSwitches } from '../running/window-runtime.ts';
import type { Runtime } from '../runtime/official.ts';
import { callCli, callUntil } from './cli-client.ts';
import { createProcessGroup, type ProcessGroup } from './processes.ts';
import { writeSampleFolder } from './sample-folder.ts';

const NAMES = ['Studio', 'Work', 'Laptop'] as const;
const FOLDER = 'Sample';
/** Only a directory that holds this file is ever removed. */
const MARKER = '.flotilla-demo';
const STEP_MS = 30_000;

interface Device {
  readonly name: string;
  readonly home: string;
  readonly files: string;
  readonly log: string;
}

interface Status {
  readonly group: { readonly name: string } | null;
  readonly devices: readonly { readonly name: string; readonly online: boolean; readonly master: boolean }[];
  readonly folders: readonly { readonly name: string; readonly path: string | null }[];
}

const demoDirectory = (): string => resolve(process.env.FLOTILLA_DEMO ?? join(homedir(), 'flotilla-demo'));

const reset = (directory: string): number => {
  if (!existsSync(directory)) {
    console.log(`There is nothing at ${directory}.`);
    return 0;
  }
  if (!existsSync(join(directory, MARKER))) {
    console.error(`${directory} was not made by the demonstration, so it stays.`);
    return 1;
  }
  rmSync(directory, { recursive: true, force: true });
  console.log(`Removed ${directory}.`);
  return 0;
};

const cliPath = (root: string): string => join(root, 'dist', 'cli.mjs');

const engineOptions = ({ home, name }: Device, bootstrap: string): readonly string[] => {
  const network = ['--listen', '127.0.0.1', '--bootstrap', bootstrap];
  return ['--home', home, '--name', name, ...network];
};

const prepareDevice = (directory: string, name: string): Device => {
  const base = join(directory, name);
  const files = join(base, 'files');
  mkdirSync(files, { recursive: true });
  return { name, home: join(base, 'home'), files, log: join(base, 'log.txt') };
};

/** The three engines with their pages: the addresses of these, in the order of `devices`. */
const startPages = (
  root: string,
  devices: readonly Device[],
  bootstrap: string,
  group: ProcessGroup,
): Promise<readonly string[]> =>
  Promise.all(
    devices.map(async (device) => {
      const start = [cliPath(root), 'start', ...engineOptions(device, bootstrap), '--web', '--json'];
      return (await group.startReady<{ web: string }>(process.execPath, start, device.log)).web;
    }),
  );

/** The three engines, each in a window of its own, one beside the other. */
const startWindows = async (
  root: string,
  devices: readonly Device[],
  bootstrap: string,
  runtime: Runtime,
  group: ProcessGroup,
): Promise<void> => {
  const switches = sandboxSwitches();
  for (const [index, device] of devices.entries()) {
    placeWindow(device, index);
    const args = [...switches, root, ...engineOptions(device, bootstrap)];
    group.start(runtime.executable, args, device.log);
  }
  await Promise.all(
    devices.map(({ home }) =>
      callUntil(
        () => callCli(root, home, ['status']),
        () => true,
        STEP_MS,
      ),
    ),
  );
};

/** Windows that nobody has moved yet are laid out so that all can be seen. */
const placeWindow = ({ home }: Device, index: number): void => {
  const file = join(home, 'window', 'window.json');
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  const place = { width: 960, height: 680, x: 40 + index * 150, y: 40 + index * 90 };
  writeFileSync(file, JSON.stringify({ ...place, maximized: false, toldAboutClosing: false }));
};

/** Makes one group of the devices and shares the sample folder, as far as that is not done yet. */
const formGroup = async (root: string, devices: readonly Device[]): Promise<void> => {
  const [first, ...others] = devices;
  if (first === undefined) return;
  const call = <Answer>(device: Device, args: readonly string[], input?: string): Promise<Answer> =>
    callCli<Answer>(root, device.home, args, input);
  const statusOf = (device: Device): Promise<Status> => call<Status>(device, ['status']);

  if ((await statusOf(first)).group === null) await call(first, ['create-group', 'Demo']);
  const joinGroup = async (other: Device): Promise<void> => {
    if ((await statusOf(other)).group !== null) return;
    const { code } = await call<{ code: string }>(first, ['invite', '--approve', 'auto', '--role', 'admin']);
    await call(other, ['join', '-', '--wait', '30'], `${code}\n`);
    console.log(`  ${other.name} joined`);
  };
  await Promise.all(others.map(joinGroup));
  const sample = join(first.files, FOLDER);
  if ((await statusOf(first)).folders.length === 0) {
    writeSampleFolder(sample);
    await call(first, ['share', sample]);
  }
  const acceptFolder = async (other: Device): Promise<void> => {
    const seen = await callUntil(
      () => statusOf(other),
      ({ folders }) => folders.some(({ name }) => name === FOLDER),
      STEP_MS,
    );
    if (seen.folders.some(({ name, path }) => name === FOLDER && path !== null)) return;
    await call(other, ['accept', FOLDER, join(other.files, FOLDER)]);
    console.log(`  ${other.name} accepted the folder ${FOLDER}`);
  };
  await Promise.all(others.map(acceptFolder));
  await call(first, ['wait-idle', '--timeout', '30']);
};

/** Writes one file and says when it came to the others. */
const showOneFile = async (devices: readonly Device[]): Promise<void> => {
  const [first, ...others] = devices;
  if (first === undefined) return;
  const name = `Written ${new Date().toISOString().slice(0, 19).replaceAll(':', '.')}.txt`;
  const started = performance.now();
  writeFileSync(join(first.files, FOLDER, name), `${first.name} wrote this.\n`);
  for (const other of others) {
    const path = join(other.files, FOLDER, name);
    await callUntil(async () => existsSync(path), Boolean, STEP_MS, 5);
    console.log(
      `  ${first.name} wrote "${name}"; ${other.name} had it ${Math.round(performance.now() - started)} ms later`,
    );
  }
};

const untilEnded = (): Promise<void> =>
  new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => done());
  });

/** Starts everything, and gives the addresses of the pages where there are no windows. */
const startDemo = async (root: string, devices: readonly Device[], group: ProcessGroup): Promise<readonly string[]> => {
  const node = await group.startReady<{ address: string }>(
    process.execPath,
    [cliPath(root), 'bootstrap', '--json'],
    devices[0]?.log ?? '',
  );
  const runtime = await findWindowRuntime(root);
  // The group is formed before windows open, so that they show it rather than how one is formed.
  const engines = createProcessGroup();
  try {
    const pages = await startPages(root, devices, node.address, engines);
    console.log('  three devices run');
    await formGroup(root, devices);
    await showOneFile(devices);
    if (runtime === null) {
      group.adopt(engines);
      return pages;
    }
  } catch (error) {
    group.adopt(engines);
    throw error;
  }
  await engines.stop();
  await startWindows(root, devices, node.address, runtime, group);
  return [];
};

/** Runs the demonstration until it is ended by a signal; resolves to the exit code. */
export const runDemo = async (root: string, args: readonly string[]): Promise<number> => {
  const directory = demoDirectory();
  if (args.includes('--reset')) return reset(directory);
  console.log(`The demonstration keeps everything in ${directory}.`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, MARKER), 'Removed by: npm start -- --demo --reset\n');
  const devices = NAMES.map((name) => prepareDevice(directory, name));
  const group = createProcessGroup();
  const ended = untilEnded();
  try {
    const pages = await withHeartbeat('demonstration', () => startDemo(root, devices, group));
    const [first] = devices;
    const status = first === undefined ? null : await callCli<Status>(root, first.home, ['status']);
    const master = status?.devices.find((device) => device.master)?.name ?? 'nobody yet';
    console.log(`\n${NAMES.join(', ')} are one group; the metadata master is ${master}.`);
    for (const [index, { name, files }] of devices.entries()) {
      console.log(
        `  ${name.padEnd(8)} ${join(files, FOLDER)}${pages[index] === undefined ? '' : `\n           ${pages[index]}`}`,
      );
    }
    console.log('\nPress Ctrl+C to end it. `npm start -- --demo --reset` removes what it made.');
    await ended;
    return 0;
  } finally {
    console.log('\nEnding the three devices ...');
    await group.stop();
  }
};
