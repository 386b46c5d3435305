import type { WatchEvent, Watcher } from '../../electron/engine/ports/watcher.ts';

/** A watcher that tells what the test says. */
export interface ManualWatcher extends Watcher {
  tell(event: WatchEvent): void;
}

export function createManualWatcher(): ManualWatcher {
  const handlers = new Set<(event: WatchEvent) => void>();
  return {
    async watch(_root, handler) {
      handlers.add(handler);
      return {
        async close() {
          handlers.delete(handler);
        },
      };
    },
    tell(event) {
      for (const handler of [...handlers]) handler(event);
    },
  };
}
