/**
 * `npm start -- --demo`: three devices on this machine with a home each, found through a DHT bootstrap node of their
 * own, with a folder that is shared already. `--demo --reset` removes all of it.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { withHeartbeat } from '../running/heartbeat.ts';
import { findWindowRuntime, sandboxSwitches } from '../running/window-runtime.ts';
import type { Runtime } from '../runtime/official.ts';
import { callCli, callUntil, isEngineRunning } from './cli-client.ts';
import { claimDirectory, removeDirectory } from './demo-directory.ts';
import {
  type Device,
  engineOptions,
  FOLDER,
  formGroup,
  homeOf,
  NAMES,
  prepareDevice,
  STEP_MS,
  type Status,
  startNode,
  startPage,
} from './demo-group.ts';
import { createProcessGroup, type ProcessGroup } from './processes.ts';

const demoDirectory = (): string => resolve(process.env.FLOTILLA_DEMO ?? join(homedir(), 'flotilla-demo'));

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

/** The name of the device that is elected, once one is: engines that were just started elect first. */
const masterSeenBy = async (root: string, { home }: Device): Promise<string> => {
  const nameIn = (status: Status): string | undefined => status.devices.find(({ master }) => master)?.name;
  const status = await callUntil(
    () => callCli<Status>(root, home, ['status']),
    (one) => nameIn(one) !== undefined,
    STEP_MS,
  );
  return nameIn(status) ?? 'nobody';
};

const untilEnded = (): Promise<void> =>
  new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => done());
  });

/** Starts everything, and gives the addresses of the pages where there are no windows. */
const startDemo = async (root: string, devices: readonly Device[], group: ProcessGroup): Promise<readonly string[]> => {
  const address = await startNode(root, devices[0]?.log ?? '', group);
  const runtime = await findWindowRuntime(root);
  // The group is formed before windows open, so that they show it rather than how one is formed.
  const engines = createProcessGroup();
  try {
    const pages = await Promise.all(devices.map((device) => startPage(root, device, address, engines)));
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
  await startWindows(root, devices, address, runtime, group);
  return [];
};

/**
 * Runs the demonstration until it is ended by a signal.
 * @throws Error what keeps it from running, or what it made from being removed, in words
 */
export const runDemo = async (root: string, args: readonly string[]): Promise<void> => {
  const directory = demoDirectory();
  if (args.includes('--reset')) {
    const homes = NAMES.map((name) => homeOf(directory, name));
    console.log(await removeDirectory(directory, homes, (home) => isEngineRunning(root, home)));
    return;
  }
  claimDirectory(directory);
  console.log(`The demonstration keeps everything in ${directory}.`);
  const devices = NAMES.map((name) => prepareDevice(directory, name));
  const group = createProcessGroup();
  const ended = untilEnded();
  try {
    const pages = await withHeartbeat('demonstration', () => startDemo(root, devices, group));
    const master = await withHeartbeat('election', () => masterSeenBy(root, devices[0] as Device));
    console.log(`\n${NAMES.join(', ')} are one group; the metadata master is ${master}.`);
    for (const [index, { name, files }] of devices.entries()) {
      console.log(
        `  ${name.padEnd(8)} ${join(files, FOLDER)}${pages[index] === undefined ? '' : `\n           ${pages[index]}`}`,
      );
    }
    console.log('\nPress Ctrl+C to end it. `npm start -- --demo --reset` removes what it made.');
    await ended;
  } finally {
    console.log('\nEnding the three devices ...');
    await group.stop();
  }
};
