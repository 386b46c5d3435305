import { join } from 'node:path';
import parcel from '@parcel/watcher';
import { OWN_DIRECTORY } from '../../../shared/relative-path.ts';
import type { Watcher } from '../ports/watcher.ts';

/** The operating system's own change notices (inotify, FSEvents, ReadDirectoryChangesW). */
export const parcelWatcher: Watcher = {
  async watch(root, handler) {
    let open = true;
    const subscription = await parcel.subscribe(
      root,
      (error, events) => {
        if (!open) return;
        if (error !== null) handler({ type: 'lost', message: error.message });
        else handler({ type: 'changed', paths: events.map((event) => event.path) });
      },
      { ignore: [join(root, OWN_DIRECTORY)] },
    );
    return {
      async close() {
        open = false;
        await subscription.unsubscribe();
      },
    };
  },
};
