import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** An X server without a screen, for windows that nobody is to see. */
export interface VirtualDisplay {
  /** Value for `DISPLAY`. */
  readonly name: string;
  stop(): Promise<void>;
}

/** Starts a virtual display under a number that is free. Rejects where Xvfb is missing. */
export const startVirtualDisplay = (): Promise<VirtualDisplay> =>
  new Promise((resolve, reject) => {
    // Descriptor 3 is where Xvfb writes the number it found.
    const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const ended = new Promise<void>((done) => child.once('exit', () => done()));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
    const numbers = child.stdio[3] as Readable;
    numbers.once('data', (chunk: Buffer) => {
      resolve({
        name: `:${chunk.toString('utf8').trim()}`,
        stop: () => {
          child.kill();
          return ended;
        },
      });
    });
  });
