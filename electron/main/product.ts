/** Which product this is, and whether it runs on the runtime it is released with. */
import { devDependencies, productName, version } from '../../package.json';

/** Said in the window, by `--version` and in package names when the runtime is another than the released one; else null. */
export const runtimeNote = (running: string): string | null =>
  running === devDependencies.electron ? null : `test runtime, Electron ${running}, out of support`;

const withNote = (text: string, running: string): string => {
  const note = runtimeNote(running);
  return note === null ? text : `${text} (${note})`;
};

/** Title of the window and of the tray entry. */
export const windowTitle = (running: string): string => withNote(productName, running);

/** What `--version` prints. */
export const versionLine = (running: string): string => withNote(`${productName} ${version}`, running);

export { productName, version };
