import type { DesktopBridge } from '../../shared/contract/bridge.ts';

declare global {
  interface Window {
    /** There in the desktop window; not in the page that an engine serves. */
    readonly flotilla?: DesktopBridge;
  }
}

/** What the desktop offers; null where the interface is a page in a browser. */
export const desktop = (): DesktopBridge | null => window.flotilla ?? null;

/** Puts text on the clipboard, by the desktop where there is one. False where neither way is allowed. */
export const copyText = async (text: string): Promise<boolean> => {
  try {
    const bridge = desktop();
    if (bridge) await bridge.copyText(text);
    else await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
};

/** The absolute paths of what was dropped; none where the page can't know them. */
export const droppedPaths = (transfer: DataTransfer): readonly string[] => {
  const bridge = desktop();
  if (!bridge) return [];
  return [...transfer.files].map((file) => bridge.pathOfFile(file)).filter((path) => path !== '');
};

let onInvite: ((code: string) => void) | null = null;
let asked = false;
const early: string[] = [];

/** Calls back for each invite code that came with a link, also for those that came before. One listener at a time. */
export const listenForInvites = (listener: (code: string) => void): (() => void) => {
  onInvite = listener;
  if (!asked) {
    asked = true;
    // The desktop keeps every listener that it is given, so it is given one.
    desktop()?.onInvite((code) => (onInvite ? onInvite(code) : early.push(code)));
  }
  for (const code of early.splice(0)) listener(code);
  return () => {
    if (onInvite === listener) onInvite = null;
  };
};
