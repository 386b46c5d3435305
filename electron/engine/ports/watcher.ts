/** What a watcher tells. */
export type WatchEvent =
  /** Something happened at these absolute paths; what, only a look can tell. */
  | { readonly type: 'changed'; readonly paths: readonly string[] }
  /** Events were lost or the watch broke: anything below the root may have changed. */
  | { readonly type: 'lost'; readonly message: string };

/** A running watch. */
export interface Watch {
  close(): Promise<void>;
}

/**
 * Tells about changes below a directory. Contract: every change after `watch` resolved is told sooner or later, or
 * `lost` is; events may be late, merged or about nothing. The folder's own `.flotilla` is left out.
 */
export interface Watcher {
  watch(root: string, handler: (event: WatchEvent) => void): Promise<Watch>;
}
