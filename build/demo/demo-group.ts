/** The devices of a demonstration: made ready, started with pages, and brought together in one group. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { callCli, callUntil } from './cli-client.ts';
import type { ProcessGroup } from './processes.ts';
import { writeSampleFolder } from './sample-folder.ts';

/** What they are called. */
export const NAMES = ['Studio', 'Work', 'Laptop'] as const;
/** What they share. */
export const FOLDER = 'Sample';
/** What one step may take. */
export const STEP_MS = 30_000;

/** One of them, and where it keeps what. */
export interface Device {
  readonly name: string;
  readonly home: string;
  readonly files: string;
  readonly log: string;
}

/** What a device says of itself, as far as it is asked. */
export interface Status {
  readonly group: { readonly name: string } | null;
  readonly devices: readonly { readonly name: string; readonly online: boolean; readonly master: boolean }[];
  readonly folders: readonly { readonly name: string; readonly path: string | null }[];
}

/** Where a device has its home. */
export const homeOf = (directory: string, name: string): string => join(directory, name, 'home');

const cliPath = (root: string): string => join(root, 'dist', 'cli.mjs');

/** How each engine is started: on loopback alone. */
export const engineOptions = ({ home, name }: Device, bootstrap: string): readonly string[] => {
  const network = ['--listen', '127.0.0.1', '--bootstrap', bootstrap];
  return ['--home', home, '--name', name, ...network];
};

/** The directories of a device. */
export const prepareDevice = (directory: string, name: string): Device => {
  const base = join(directory, name);
  const files = join(base, 'files');
  mkdirSync(files, { recursive: true });
  return { name, home: homeOf(directory, name), files, log: join(base, 'log.txt') };
};

/** The bootstrap node that the devices find one another by: its address. */
export const startNode = async (root: string, log: string, group: ProcessGroup): Promise<string> => {
  const args = [cliPath(root), 'bootstrap', '--json'];
  return (await group.startReady<{ address: string }>(process.execPath, args, log)).address;
};

/** The device's engine with its page: the address of that. */
export const startPage = async (
  root: string,
  device: Device,
  bootstrap: string,
  group: ProcessGroup,
): Promise<string> => {
  const start = [cliPath(root), 'start', ...engineOptions(device, bootstrap), '--web', '--json'];
  return (await group.startReady<{ web: string }>(process.execPath, start, device.log)).web;
};

/** Makes one group of the devices and shares the sample folder, as far as that is not done yet. */
export const formGroup = async (root: string, devices: readonly Device[]): Promise<void> => {
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
