/** Who may import whom. ARCHITECTURE.md gives the reasons; this is what is checked. */
import { posix } from 'node:path';
import type { SourceFile } from './source-files.ts';

/** One import that breaks a rule. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

interface LayerRule {
  readonly name: string;
  readonly of: RegExp;
  /** Own modules that may be imported, by path from the root. */
  readonly own: RegExp;
  /** Packages and Node modules that may be imported. */
  readonly packages: RegExp;
}

const PURE_ROOMS = 'consensus|group|reconcile|transfer';
const NONE = /^$/;
const NODE = 'node:.*';

/** The first rule whose `of` fits a file holds for it. */
const LAYERS: readonly LayerRule[] = [
  { name: 'shared', of: /^shared\//, own: /^shared\//, packages: /^(zod|@orpc\/contract)$/ },
  {
    name: 'a pure room',
    of: new RegExp(`^electron/engine/(${PURE_ROOMS})/`),
    own: new RegExp(`^(shared/|electron/engine/(${PURE_ROOMS}|bytes)/)`),
    packages: NONE,
  },
  {
    name: 'the engine',
    of: /^electron\/engine\//,
    own: /^(shared\/|electron\/engine\/|package\.json$)/,
    packages: /^(?!electron$|react)/,
  },
  {
    name: 'the desktop shell',
    of: /^electron\/main\//,
    own: /^(shared\/|electron\/main\/|package\.json$)/,
    packages: new RegExp(`^(electron|zod|${NODE})$`),
  },
  { name: 'the preload', of: /^electron\/preload\//, own: /^(shared|electron\/preload)\//, packages: /^electron$/ },
  {
    name: 'the command line',
    of: /^electron\/cli\//,
    own: /^(shared\/|electron\/cli\/|package\.json$|electron\/engine\/(engine|host-node|engine-options|home-directory|contract\/local-socket-path|ports\/system-clock)\.ts$)/,
    packages: new RegExp(`^(commander|ws|zod|@orpc/client.*|@orpc/contract|${NODE})$`),
  },
  {
    name: 'the interface',
    of: /^renderer\//,
    own: /^(shared|renderer)\//,
    packages:
      /^(react|react-dom.*|react\/.*|@mantine\/.*|@fontsource-variable\/.*|@tabler\/icons-react|@tanstack\/react-virtual|qrcode|zod|@orpc\/client.*|@orpc\/contract)$/,
  },
  { name: 'the build', of: /^build\//, own: /^(build|shared|test\/support)\//, packages: /./ },
  { name: 'a test', of: /^test\//, own: /./, packages: /./ },
];

/**
 * The rooms of the engine, lowest first: each may import those before it, and nothing after it. What is not named here
 * puts the rooms together and stands above all of them.
 */
export const ROOMS: readonly string[] = [
  'types',
  'consensus',
  'bytes',
  'group',
  'reconcile',
  'transfer',
  'ports',
  'keyring',
  'storage',
  'index',
  'content',
  'jobs',
  'folder',
  'metadata',
  'network',
  'contract',
  'view',
  'home-directory.ts',
  'engine-options.ts',
  'engine-deps.ts',
  'session',
];

/** All packages that the engine knows, each with the only files of it that may import it. */
const ENGINE_PACKAGES: Readonly<Record<string, RegExp>> = {
  '@automerge/automerge': /^index\/shard-document\.ts$/,
  '@hyperswarm/secret-stream': /^(network|types)\//,
  '@napi-rs/blake-hash': /^(bytes\/hash|jobs\/(hash-file|pieces))\.ts$/,
  '@orpc/server': /^contract\/(base-procedure|serve-connection)\.ts$/,
  '@parcel/watcher': /^folder\/watcher-parcel\.ts$/,
  'blind-pairing': /^network\/pairing\/(invite-keys|joiner|pairing-swarm|receiver)\.ts$/,
  cborg: /^bytes\/codec\.ts$/,
  commander: /^(engine-options|host-utility)\.ts$/,
  'dns-packet': /^network\/discovery\/service-record\.ts$/,
  hyperdht: /^(types\/.*|network\/(bootstrap-node|dht-node|pairing\/pairing-desk|pairing\/pairing-swarm)\.ts)$/,
  hyperswarm: /^network\/(dht-node|pairing\/pairing-swarm)\.ts$/,
  lmdb: /^storage\/lmdb-store\.ts$/,
  'multicast-dns': /^network\/discovery\/multicast\.ts$/,
  protomux: /^network\/(bytes-encoding|wire|pairing\/join-channel|pairing\/receiver)\.ts$/,
  'sodium-native': /^bytes\/signature\.ts$/,
  ws: /^contract\/serve-connection\.ts$/,
  zod: /^session\/(home-records|record-table)\.ts$/,
};

const ENGINE = 'electron/engine/';
const FEATURE = /^renderer\/features\/([^/]+)\//;
const FORBIDDEN_FOLDER = /(^|\/)(utils|helpers|common|misc)\//;
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.(ts|tsx|mts)$/;

/** The path from the root that a relative specifier means; null for a package or a Node module. */
export const resolveOwn = (from: string, specifier: string): string | null =>
  specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier.replace(/\?.*$/, '')) : null;

const packageOf = (specifier: string): string => {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
};

/** How far up in the engine a file stands; null for one that is no part of it. */
const heightOf = (path: string): number | null => {
  if (!path.startsWith(ENGINE)) return null;
  const height = ROOMS.indexOf(path.slice(ENGINE.length).split('/')[0] ?? '');
  return height < 0 ? ROOMS.length : height;
};

const checkOwn = (file: SourceFile, layer: LayerRule, target: string): string | null => {
  if (target.startsWith('test/') && !layer.own.test(target)) return 'imports a test';
  if (!layer.own.test(target)) return `${layer.name} may not import ${target}`;
  const [height, other] = [heightOf(file.path), heightOf(target)];
  if (height !== null && other !== null && other > height) return `${target} is of a room above this one`;
  const feature = FEATURE.exec(file.path)?.[1];
  const otherFeature = FEATURE.exec(target)?.[1];
  if (feature !== undefined && otherFeature !== undefined && feature !== otherFeature)
    return `a feature may not import the feature ${otherFeature}`;
  return null;
};

const checkPackage = (file: SourceFile, layer: LayerRule, specifier: string): string | null => {
  if (!layer.packages.test(specifier)) return `${layer.name} may not import ${specifier}`;
  if (!file.path.startsWith(ENGINE) || specifier.startsWith('node:')) return null;
  const places = ENGINE_PACKAGES[packageOf(specifier)];
  if (places === undefined) return `${specifier} is no package of the engine`;
  if (!places.test(file.path.slice(ENGINE.length))) return `${specifier} may be imported in ${places.source} only`;
  return null;
};

/** Everything in which the files break the rules on layers and names. */
export const checkImports = (files: readonly SourceFile[]): readonly Violation[] => {
  const violations: Violation[] = [];
  for (const file of files) {
    const say = (line: number, text: string | null): void => {
      if (text !== null) violations.push({ path: file.path, line, text });
    };
    const name = posix.basename(file.path);
    if (!KEBAB_CASE.test(name)) say(1, 'file names are kebab-case');
    if (/^index\.tsx?$/.test(name)) say(1, 'no barrels: name the file after what it holds');
    if (FORBIDDEN_FOLDER.test(file.path)) say(1, 'name the folder after what its files do');
    const layer = LAYERS.find((candidate) => candidate.of.test(file.path));
    if (layer === undefined) {
      say(1, 'belongs to no layer');
      continue;
    }
    for (const { specifier, line } of file.imports) {
      const target = resolveOwn(file.path, specifier);
      say(line, target === null ? checkPackage(file, layer, specifier) : checkOwn(file, layer, target));
    }
  }
  return violations;
};

/** The circles among the files' imports, types included; each as the paths along it. */
export const findCycles = (files: readonly SourceFile[]): readonly (readonly string[])[] => {
  const known = new Map(files.map((file) => [file.path, file]));
  const state = new Map<string, 'open' | 'done'>();
  const trail: string[] = [];
  const cycles: string[][] = [];
  const visit = (path: string): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(path)), path]);
      return;
    }
    state.set(path, 'open');
    trail.push(path);
    for (const { specifier } of known.get(path)?.imports ?? []) {
      const target = resolveOwn(path, specifier);
      if (target !== null && known.has(target)) visit(target);
    }
    trail.pop();
    state.set(path, 'done');
  };
  for (const file of files) visit(file.path);
  return cycles;
};
