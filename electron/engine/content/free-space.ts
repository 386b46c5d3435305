import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FREE_SPACE_RESERVE_BYTES } from '../../../shared/limits.ts';
import type { Clock } from '../ports/clock.ts';

/** Bytes that this user may still write to the file system of the directory. */
export type FreeBytes = (directory: string) => Promise<number>;

/** Asks the operating system. */
export const systemFreeBytes: FreeBytes = async (directory) => {
  const stat = await statfs(directory);
  return stat.bavail * stat.bsize;
};

/** How long an answer of the operating system holds, less what was promised since. */
const FRESH_MS = 500;

/** Promises disk space to fetches before they begin, so that many together do not each count on the same bytes. */
export class SpaceKeeper {
  readonly #freeBytes: FreeBytes;
  readonly #clock: Clock;
  readonly #known = new Map<string, { readonly at: number; readonly free: Promise<number> }>();
  #promised = 0;

  constructor(freeBytes: FreeBytes, clock: Clock) {
    this.#freeBytes = freeBytes;
    this.#clock = clock;
  }

  /** Promises the bytes for a target if they are there; `release` gives the promise back. */
  async promise(target: string, bytes: number): Promise<{ release(): void } | null> {
    // An unreadable file system is no reason to refuse: writing will say.
    const free = await this.#look(dirname(target)).catch(() => Number.POSITIVE_INFINITY);
    if (this.#promised + bytes + FREE_SPACE_RESERVE_BYTES > free) return null;
    this.#promised += bytes;
    let held = true;
    return {
      release: () => {
        if (held) this.#promised -= bytes;
        held = false;
      },
    };
  }

  #look(directory: string): Promise<number> {
    const now = this.#clock.monotonic();
    const known = this.#known.get(directory);
    if (known !== undefined && now - known.at < FRESH_MS) return known.free;
    if (this.#known.size > 64) this.#known.clear();
    const free = this.#freeBytes(directory);
    this.#known.set(directory, { at: now, free });
    return free;
  }
}
