import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { closeSync, createReadStream, openSync, readFileSync, writeSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { RealEngine } from './real-engine.ts';

const MIB = 1024 * 1024;

/** Writes a file of that many mebibytes which nothing can compress or find twice, about as fast as the disk takes it. */
export function writeLargeFile(path: string, mebibytes: number): void {
  const stream = createCipheriv('aes-128-ctr', randomBytes(16), randomBytes(16));
  const zeros = Buffer.alloc(MIB);
  const file = openSync(path, 'w');
  try {
    for (let at = 0; at < mebibytes; at += 1) writeSync(file, stream.update(zeros));
  } finally {
    closeSync(file);
  }
}

/** SHA-256 of a file of any size. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: MIB }), hash);
  return hash.digest('hex');
}

/** The most memory that the engine's process held at any time, in mebibytes. Linux alone can tell. */
export function peakMemory(engine: RealEngine): number {
  const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${engine.pid}/status`, 'utf8'));
  return Math.round(Number(found?.[1]) / 1024);
}
