/** Whether and with what a window can be opened on this machine. */
import { ensureRuntime } from '../runtime/ensure-runtime.ts';
import type { Runtime } from '../runtime/official.ts';

const hasDisplay = (): boolean => {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
};

/** The runtime for a window; null, after saying why, where the page has to do. */
export const findWindowRuntime = async (root: string): Promise<Runtime | null> => {
  if (!hasDisplay()) {
    console.log('There is no display here, so the interface is served as a page.');
    return null;
  }
  const runtime = await ensureRuntime(root);
  if (runtime.kind !== 'none') return runtime;
  console.log(`${runtime.why} So the interface is served as a page.`);
  return null;
};

/** Chromium refuses to sandbox what runs as root; everybody else keeps the sandbox. */
export const sandboxSwitches = (): readonly string[] => {
  if (process.getuid?.() !== 0) return [];
  console.log('Running as root, so Chromium’s own sandbox is off (--no-sandbox).');
  return ['--no-sandbox'];
};
