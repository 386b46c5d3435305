import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { homeDirectory } from './home-directory.ts';

/** What a person or a script can say when an engine starts. */
export interface EngineOptions {
  /** Absolute. */
  readonly home: string;
  /** Name of the device where it has none yet, and from now on where it is given; null: as it was, or the computer's. */
  readonly name: string | null;
  /** DHT bootstrap nodes; null: as in the settings, else the public ones. */
  readonly bootstrap: readonly string[] | null;
  readonly lan: boolean;
  readonly dht: boolean;
  /** The one address everything binds to and sends from; null: the DHT all, the rest loopback and private addresses. */
  readonly listen: string | null;
  /** Newly shared folders are accepted into `accept/<name>` without asking. */
  readonly accept: string | null;
  /** Port of the page on loopback, 0 for any free one; null: no page. */
  readonly web: number | null;
}

function hostAndPort(text: string): string {
  const match = /^(.+):(\d{1,5})$/.exec(text);
  if (match === null || Number(match[2]) > 65_535) throw new InvalidArgumentError('Write it as HOST:PORT.');
  return text;
}

function hostsAndPorts(text: string): readonly string[] {
  return text.split(',').map((part) => hostAndPort(part.trim()));
}

function address(text: string): string {
  if (isIP(text) === 0) throw new InvalidArgumentError('Write an IP address, for example 127.0.0.1.');
  return text;
}

/** Reads a port; for options and commands that take one. */
export function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('Write a number up to 65535.');
  return port;
}

/** Adds the options of `start` to a command; `--home` is the program's own and is added by its caller. */
export function addEngineOptions(command: Command): Command {
  return command
    .option('--name <name>', 'name of this device')
    .addOption(
      new Option('--bootstrap <addresses>', 'DHT bootstrap nodes of your own, HOST:PORT,…').argParser(hostsAndPorts),
    )
    .option('--no-lan', 'do not look for devices on the local network')
    .option('--no-dht', 'do not look for devices over the distributed hash table')
    .addOption(new Option('--listen <address>', 'the one address that everything binds to').argParser(address))
    .option('--accept <directory>', 'accept newly shared folders into this directory without asking')
    .addOption(new Option('--web [port]', 'serve the interface as a page on loopback').argParser(portNumber).preset(0));
}

/** The options as the engine takes them. */
export function engineOptionsOf(home: string | undefined, values: Record<string, unknown>): EngineOptions {
  const text = (key: string): string | null => (typeof values[key] === 'string' ? (values[key] as string) : null);
  const accept = text('accept');
  return {
    home: homeDirectory(home ?? null),
    name: text('name'),
    bootstrap: Array.isArray(values.bootstrap) ? (values.bootstrap as readonly string[]) : null,
    lan: values.lan !== false,
    dht: values.dht !== false,
    listen: text('listen'),
    accept: accept === null ? null : resolve(accept),
    web: typeof values.web === 'number' ? values.web : null,
  };
}
