/**
 * The part of fpm that electron-builder calls for a .deb, on Debian's own dpkg-deb: fpm itself is neither in Debian nor
 * in the registry. Bundled into one executable file by dist.ts.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

interface Request {
  readonly options: ReadonlyMap<string, string>;
  readonly depends: readonly string[];
  readonly recommends: readonly string[];
  /** `source=target`; a source that ends in `/` means what is in it. */
  readonly files: readonly (readonly [source: string, target: string])[];
}

/** Options without a value; all others take the next argument. */
const FLAGS = new Set(['--force', '--debug']);

const readArguments = (argv: readonly string[]): Request => {
  const options = new Map<string, string>();
  const depends: string[] = [];
  const recommends: string[] = [];
  const files: [string, string][] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index] ?? '';
    if (FLAGS.has(argument)) continue;
    if (!argument.startsWith('-')) {
      const split = argument.lastIndexOf('=');
      files.push([argument.slice(0, split), argument.slice(split + 1)]);
      continue;
    }
    index += 1;
    const value = argv[index] ?? '';
    if (argument === '-d') depends.push(value);
    else if (argument === '--deb-recommends') recommends.push(value);
    else options.set(argument, value);
  }
  return { options, depends, recommends, files };
};

const bytesBelow = (path: string): number =>
  readdirSync(path, { withFileTypes: true }).reduce((total, entry) => {
    const full = join(path, entry.name);
    if (entry.isDirectory()) return total + bytesBelow(full);
    return entry.isFile() ? total + statSync(full).size : total;
  }, 0);

const controlFile = ({ options, depends, recommends }: Request, installedKilobytes: number): string => {
  const [first = '', ...rest] = (options.get('--description') ?? '').trim().split('\n');
  const description = [first.trim(), ...rest.map((line) => ` ${line.trim() || '.'}`)].join('\n');
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['Package', options.get('--name')],
    ['Version', options.get('--version')],
    ['Architecture', options.get('--architecture')],
    ['Maintainer', options.get('--maintainer')],
    ['Installed-Size', String(installedKilobytes)],
    ['Depends', depends.join(', ')],
    ['Recommends', recommends.join(', ')],
    ['Section', options.get('--category') ?? 'utils'],
    ['Priority', options.get('--deb-priority')],
    ['Homepage', options.get('--url')],
    ['Description', description],
  ];
  return fields.map(([name, value]) => (value ? `${name}: ${value}\n` : '')).join('');
};

const buildDeb = (request: Request): void => {
  const staging = mkdtempSync(join(tmpdir(), 'flotilla-deb-'));
  try {
    for (const [source, target] of request.files) {
      const place = join(staging, target);
      mkdirSync(source.endsWith('/') ? place : dirname(place), { recursive: true });
      execFileSync('cp', ['-a', source.endsWith('/') ? `${source}.` : source, place]);
    }
    const installedKilobytes = Math.ceil(bytesBelow(staging) / 1024);
    const control = join(staging, 'DEBIAN');
    mkdirSync(control);
    writeFileSync(join(control, 'control'), controlFile(request, installedKilobytes));
    for (const [option, name] of [
      ['--after-install', 'postinst'],
      ['--after-remove', 'postrm'],
    ] as const) {
      const script = request.options.get(option);
      if (script !== undefined) copyFileSync(script, join(control, name));
    }
    execFileSync('chmod', ['-R', 'u=rwX,go=rX', staging]);
    for (const name of ['postinst', 'postrm']) {
      if (readdirSync(control).includes(name)) execFileSync('chmod', ['0755', join(control, name)]);
    }
    const target = request.options.get('--package') ?? '';
    execFileSync('dpkg-deb', ['--root-owner-group', '-Zxz', '-z1', '--build', staging, target], { stdio: 'inherit' });
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
};

const request = readArguments(process.argv.slice(2));
if (request.options.get('-s') !== 'dir' || request.options.get('-t') !== 'deb') {
  console.error('this makes a .deb from directories, and nothing else');
  process.exit(64);
}
buildDeb(request);
