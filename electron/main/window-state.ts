/** Remembers where the window stood, and what it has told already. Losing this loses nothing of value. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const WindowState = z.object({
  width: z.number().int().min(640).max(16_384),
  height: z.number().int().min(480).max(16_384),
  x: z.number().int().optional(),
  y: z.number().int().optional(),
  maximized: z.boolean(),
  /** Whether the person was told that closing the window does not quit. */
  toldAboutClosing: z.boolean(),
});

/** Bounds in device-independent pixels, and what the window has said. */
export type WindowState = z.infer<typeof WindowState>;

const INITIAL: WindowState = { width: 1180, height: 780, maximized: false, toldAboutClosing: false };

/** What was remembered in `path`, or the initial state where nothing usable is. */
export const readWindowState = (path: string): WindowState => {
  try {
    const parsed = WindowState.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.data : INITIAL;
  } catch {
    return INITIAL;
  }
};

/** Remembers the state; a disk that refuses is no reason to trouble anybody. */
export const writeWindowState = (path: string, state: WindowState): void => {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(state));
  } catch (error) {
    console.error('the window state was not written:', error);
  }
};
