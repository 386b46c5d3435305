/** What a watcher tells. */
export type WatchEvent =
  /** Something happened at these absolute paths, and what they leave out; what, only a look can tell. */
  | { readonly type: 'changed'; readonly paths: readonly string[] }
  /** Events were lost or the watch broke: anything below the root may have changed. */
  | { readonly type: 'lost'; readonly message: string };

/** A running watch. */
export interface Watch {
  close(): Promise<void>;
}

/**
 * Tells about changes below a directory. Contract: every change after `watch` resolved is told sooner or later, or
 * `lost` is; events may be late, merged or about nothing. Only the path of what came and went shortly before may be left
 * out: then a `changed` with other paths, or none, is told after it. The folder's own `.flotilla` is left out.
 */
export interface Watcher {
  watch(root: string, handler: (event: WatchEvent) => void): Promise<Watch>;
}
