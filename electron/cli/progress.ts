/** How far the work of a command is, on one line of a terminal; nowhere else is anything said. */
import { systemClock } from '../engine/ports/system-clock.ts';

const EVERY_MS = 500;
/** Goes back to the line's beginning and clears it. */
const CLEAR = '\r\u001b[K';
/** For a terminal that does not know its width, and may say 0. */
const USUAL_COLUMNS = 80;

/** Waits for the work, and meanwhile shows what `line` says of it. */
export type Follow = <T>(work: Promise<T>, line: () => string | Promise<string>) => Promise<T>;

/** As much of a stream as showing takes. */
interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Shows on the terminal; for programs, and where the stream is none, it only waits. */
export const followOn = (terminal: Terminal, forPrograms: boolean, clock = systemClock): Follow => {
  if (forPrograms || terminal.isTTY !== true) return (work) => work;
  return async (work, line) => {
    let showing = false;
    let over = false;
    const show = async (): Promise<void> => {
      if (showing) return;
      showing = true;
      try {
        const text = await line();
        // A line that is longer than the terminal is wide breaks, and only its last part would be cleared.
        const cut = cutToWidth(text, (terminal.columns || USUAL_COLUMNS) - 1);
        if (!over) terminal.write(CLEAR + cut);
      } catch {
        // What only shows something must not be what fails.
      } finally {
        showing = false;
      }
    };
    void show();
    const stopShowing = clock.every(EVERY_MS, () => void show());
    try {
      return await work;
    } finally {
      over = true;
      stopShowing();
      terminal.write(CLEAR);
    }
  };
};

/** As much of the text as surely fits: signs beyond ASCII may be two columns wide. */
const cutToWidth = (text: string, columns: number): string => {
  let left = columns;
  let cut = '';
  for (const sign of text) {
    left -= sign > '\u007f' ? 2 : 1;
    if (left < 0) break;
    cut += sign;
  }
  return cut;
};

/** A line for work that has no measure but its time: "Restoring: 3 s". */
export const timeSpent = (what: string, clock = systemClock): (() => string) => {
  const started = clock.monotonic();
  return () => `${what}: ${Math.floor((clock.monotonic() - started) / 1000)} s`;
};
