import type { EngineOptions } from './engine-options.ts';
import { Host } from './host.ts';
import { type BootstrapNode, type BootstrapOptions, startBootstrap } from './network/bootstrap-node.ts';

/** Runs an engine in this Node process; its log goes to the standard error. */
export async function startEngine(options: EngineOptions): Promise<Host> {
  return await Host.start(options, null);
}

/** Runs a DHT bootstrap node in this Node process. */
export async function runBootstrap(options: BootstrapOptions): Promise<BootstrapNode> {
  return await startBootstrap(options);
}
