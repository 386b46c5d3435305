import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A D-Bus of a test's own, on which nothing is started by itself. */
export interface SessionBus {
  /** Where its socket lies. */
  readonly path: string;
  /** What a process needs in its environment to find it. */
  readonly environment: { readonly DBUS_SESSION_BUS_ADDRESS: string };
  stop(): Promise<void>;
}

/** The machine's own configuration would offer its services: a keyring, settings, a screen reader. */
const configuration = (path: string): string => `<busconfig>
  <type>session</type>
  <listen>unix:path=${path}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

/** Starts a bus. GTK, which Electron needs, brings the program along. */
export const startSessionBus = async (): Promise<SessionBus> => {
  const directory = mkdtempSync(join(tmpdir(), 'flotilla-bus-'));
  const path = join(directory, 'bus');
  writeFileSync(join(directory, 'bus.conf'), configuration(path));
  const child = spawn('dbus-daemon', ['--nofork', '--print-address', '--config-file', join(directory, 'bus.conf')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (piece: Buffer) => {
    said += piece.toString();
  });
  const ended = once(child, 'exit');
  // It prints its address once it listens.
  await Promise.race([
    once(child.stdout, 'data'),
    ended.then(([code]) => Promise.reject(new Error(`dbus-daemon ended with ${code}: ${said}`))),
  ]);
  return {
    path,
    environment: { DBUS_SESSION_BUS_ADDRESS: `unix:path=${path}` },
    stop: async () => {
      child.kill();
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
};
