import { Command } from 'commander';
import type { HostMessage, ShellMessage } from '../../shared/contract/host-messages.ts';
import { errorCodeOf } from '../../shared/errors.ts';
import type { ContractRouter } from './contract/router.ts';
import { type ServedPort, servePort } from './contract/serve-connection.ts';
import { addEngineOptions, engineOptionsOf } from './engine-options.ts';
import { Host } from './host.ts';

/** Exit code with which the process asks its shell to be started again. */
const BEGIN_ANEW = 75;

/** What Electron's utility process offers beyond Node's; typed here, since the engine knows no Electron. */
interface ParentPort {
  postMessage(message: HostMessage): void;
  on(event: 'message', listener: (event: { data: ShellMessage; ports: ServedPort[] }) => void): void;
}

const parent = (process as unknown as { parentPort: ParentPort }).parentPort;

/** The options that the shell forked this process with: those of `flotilla start`. */
function readOptions() {
  const command = addEngineOptions(new Command('engine')).option('--home <directory>').option('--runtime-note <text>');
  command.parse(process.argv.slice(2), { from: 'user' });
  const values = command.opts<Record<string, unknown>>();
  const home = typeof values.home === 'string' ? values.home : undefined;
  const runtimeNote = typeof values.runtimeNote === 'string' ? values.runtimeNote : null;
  return { options: engineOptionsOf(home, values), runtimeNote };
}

async function run(): Promise<void> {
  const { options, runtimeNote } = readOptions();
  let router: ContractRouter | null = null;
  const early: ServedPort[] = [];
  let host: Host | null = null;
  let stopAsked = false;

  async function stop(): Promise<void> {
    try {
      await host?.stop();
    } finally {
      process.exit(0);
    }
  }

  parent.on('message', ({ data, ports }) => {
    if (data.type === 'stop') {
      stopAsked = true;
      if (host !== null) void stop();
      return;
    }
    const [port] = ports;
    if (port === undefined) return;
    if (router === null) early.push(port);
    else servePort(router, port);
  });

  try {
    host = await Host.start(options, runtimeNote, (fresh) => {
      // Ports of windows lead to the engine that was: in a process of its own the new one gets new ports.
      if (router !== null) process.exit(BEGIN_ANEW);
      router = fresh;
      for (const port of early.splice(0)) servePort(fresh, port);
    });
    parent.postMessage({ type: 'ready', device: host.device });
    if (stopAsked) return await stop();
    await host.quitAsked;
    // The exit code of a process that was killed is not always told from that of an orderly end.
    parent.postMessage({ type: 'quitting' });
    await stop();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    parent.postMessage({ type: 'failed', code: errorCodeOf(error), message });
    // The message has to reach the shell before the process is gone.
    setImmediate(() => process.exit(1));
  }
}

void run();
