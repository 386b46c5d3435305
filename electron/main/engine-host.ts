/** Runs the engine in a process of its own, starts it again after a crash, and gives its clients their ports. */
import { existsSync } from 'node:fs';
import { MessageChannelMain, type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';
import type { EngineProcessState } from '../../shared/contract/bridge.ts';
import type { HostMessage, ShellMessage } from '../../shared/contract/host-messages.ts';
import { assertNever } from '../../shared/invariant.ts';

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;
/** An engine that ran for this long has recovered: the next crash starts at the first delay again. */
const STEADY_MS = 60_000;
/** For an orderly end; after it the process is killed, which loses nothing either. */
const STOP_MS = 10_000;

/** The shell's hold on the engine's process. */
export interface EngineHost {
  readonly state: () => EngineProcessState;
  /** Calls back after every change of the state. */
  onState(listener: (state: EngineProcessState) => void): void;
  /** A port to the running engine, or null while none runs. */
  openPort(): MessagePortMain | null;
  /** Asks the engine to quit in order; resolves when its process is gone. */
  stop(): Promise<void>;
}

/**
 * Forks the bundle at `path` with the given arguments, and again whenever it ends unasked. `onQuitting` is called when
 * somebody else asked the engine to quit, for example `flotilla stop`.
 */
export const setupEngineHost = (
  path: string,
  engineArguments: readonly string[],
  onQuitting: () => void,
): EngineHost => {
  const listeners: ((state: EngineProcessState) => void)[] = [];
  let current: EngineProcessState = { kind: 'starting' };
  let child: UtilityProcess | null = null;
  let retryMs = FIRST_RETRY_MS;
  let stopping = false;

  const setState = (state: EngineProcessState): void => {
    current = state;
    for (const listener of listeners) listener(state);
  };

  const onMessage = (message: HostMessage): void => {
    switch (message.type) {
      case 'ready':
        setState({ kind: 'running' });
        break;
      case 'quitting':
        onQuitting();
        break;
      case 'failed':
        setState({ kind: 'failed', code: message.code, message: message.message });
        break;
      default:
        assertNever(message);
    }
  };

  const onExit = (code: number, startedAt: number): void => {
    child = null;
    if (stopping || current.kind === 'failed') return;
    if (Date.now() - startedAt > STEADY_MS) retryMs = FIRST_RETRY_MS;
    console.error(`the engine ended with code ${code}; it is started again in ${retryMs} ms`);
    setState({ kind: 'restarting', retryMs });
    setTimeout(start, retryMs);
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
  };

  const start = (): void => {
    if (stopping) return;
    if (!existsSync(path)) {
      setState({ kind: 'failed', code: 'internal', message: `There is no engine at ${path}.` });
      return;
    }
    const startedAt = Date.now();
    setState({ kind: 'starting' });
    child = utilityProcess.fork(path, [...engineArguments], { serviceName: 'Flotilla engine', stdio: 'inherit' });
    child.on('message', onMessage);
    child.on('exit', (code) => onExit(code, startedAt));
  };

  const post = (message: ShellMessage, ports: MessagePortMain[] = []): void => {
    child?.postMessage(message, ports);
  };

  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      stopping = true;
      const running = child;
      if (running === null) return resolve();
      const limit = setTimeout(() => running.kill(), STOP_MS);
      running.once('exit', () => {
        clearTimeout(limit);
        resolve();
      });
      post({ type: 'stop' });
    });

  start();
  return {
    state: () => current,
    onState: (listener) => listeners.push(listener),
    openPort: () => {
      if (child === null || current.kind !== 'running') return null;
      const { port1, port2 } = new MessageChannelMain();
      post({ type: 'connect' }, [port1]);
      return port2;
    },
    stop,
  };
};
