/** The one directory that a demonstration makes, and the only one that it ever removes. */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Only a directory that holds this file is ever removed. */
const MARKER = '.flotilla-demo';

/** What lies at the place that a demonstration is to use. */
const whatLiesAt = (directory: string): 'nothing' | 'demonstration' | 'something else' => {
  const stat = statSync(directory, { throwIfNoEntry: false });
  if (stat === undefined) return 'nothing';
  if (!stat.isDirectory()) return 'something else';
  if (existsSync(join(directory, MARKER))) return 'demonstration';
  return readdirSync(directory).length === 0 ? 'nothing' : 'something else';
};

/**
 * Makes the directory, or takes the one that an earlier demonstration made.
 * @throws Error where something else lies there: marked as the demonstration's, it would be removed with it
 */
export const claimDirectory = (directory: string): void => {
  if (whatLiesAt(directory) === 'something else') {
    throw new Error(
      `${directory} was there before and is not the demonstration's. Name another place with FLOTILLA_DEMO.`,
    );
  }
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, MARKER), 'Removed by: npm start -- --demo --reset\n');
};

/**
 * Removes what a demonstration made there, unless one still runs in it. Gives what became of it, in words.
 * @throws Error why it stays
 */
export const removeDirectory = async (
  directory: string,
  homes: readonly string[],
  isRunning: (home: string) => Promise<boolean>,
): Promise<string> => {
  if (!existsSync(directory)) return `There is nothing at ${directory}.`;
  if (whatLiesAt(directory) !== 'demonstration') {
    throw new Error(`${directory} was not made by the demonstration, so it stays.`);
  }
  const running = await Promise.all(homes.filter(existsSync).map(isRunning));
  if (running.includes(true)) throw new Error('The demonstration still runs. End it first, with Ctrl+C where it does.');
  rmSync(directory, { recursive: true, force: true });
  return `Removed ${directory}.`;
};
