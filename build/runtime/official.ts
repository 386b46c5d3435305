/** The official Electron of the version that package.json names. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { download } from './download.ts';

const EXECUTABLES: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  linux: 'electron',
  win32: 'electron.exe',
};

type Extract = (archive: string, options: { dir: string }) => Promise<void>;

/** What a runtime is: its directory, the program in it, and whose it is. */
export interface Runtime {
  readonly kind: 'official' | 'stand-in';
  readonly version: string;
  /** Directory that holds the whole runtime: what packages are made from. */
  readonly directory: string;
  readonly executable: string;
}

/** Version of the `electron` package that the lock file pins. */
export const officialVersion = (root: string): string => {
  const manifest: { version: string } = createRequire(join(root, 'package.json'))('electron/package.json');
  return manifest.version;
};

/** The pinned SHA-256 of a release file: the `electron` package brings the list, and the lock file pins the package. */
const pinnedChecksum = (root: string, file: string): string => {
  const checksums: Record<string, string> = createRequire(join(root, 'package.json'))('electron/checksums.json');
  const checksum = checksums[file];
  if (checksum === undefined) throw new Error(`there is no Electron for ${process.platform} ${process.arch}`);
  return checksum;
};

/** Electron's own installer uses this extractor: it knows the links inside the macOS bundle. */
const extractor = async (root: string): Promise<Extract> => {
  const fromElectron = createRequire(createRequire(join(root, 'package.json')).resolve('electron/package.json'));
  const { extract }: { extract: Extract } = fromElectron('@electron-internal/extract-zip');
  return extract;
};

/** The official runtime if it is in the cache, else null. */
export const cachedOfficial = (root: string, cache: string): Runtime | null => {
  const version = officialVersion(root);
  const name = EXECUTABLES[process.platform];
  if (name === undefined) return null;
  const directory = join(cache, `electron-v${version}-${process.platform}-${process.arch}`);
  const executable = join(directory, name);
  return existsSync(executable) ? { kind: 'official', version, directory, executable } : null;
};

/**
 * Fetches the official runtime into the cache.
 * @throws Error why it cannot be had
 */
export const fetchOfficial = async (root: string, cache: string, say: (text: string) => void): Promise<Runtime> => {
  const version = officialVersion(root);
  const name = `electron-v${version}-${process.platform}-${process.arch}`;
  const checksum = pinnedChecksum(root, `${name}.zip`);
  mkdirSync(cache, { recursive: true });
  const archive = join(cache, `${name}.zip`);
  const unpacked = join(cache, `${name}.${process.pid}.unpacking`);
  try {
    say(`Fetching Electron ${version} ...`);
    await download(
      `https://github.com/electron/electron/releases/download/v${version}/${name}.zip`,
      archive,
      checksum,
      say,
    );
    await (await extractor(root))(archive, { dir: unpacked });
    rmSync(join(cache, name), { recursive: true, force: true });
    renameSync(unpacked, join(cache, name));
  } finally {
    rmSync(archive, { force: true });
    rmSync(unpacked, { recursive: true, force: true });
  }
  const runtime = cachedOfficial(root, cache);
  if (runtime === null) throw new Error('the downloaded archive holds no Electron');
  return runtime;
};
