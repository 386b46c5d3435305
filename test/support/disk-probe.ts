/** Whether the path is one at which an engine tries out what a disk does: it changes nothing that matters. */
export function isDiskProbe(path: string): boolean {
  return /\/tmp\/(clock|mode)-[0-9a-f]{8}$/.test(path);
}

/** The one of them that tells the disk's own time. */
export function isDiskClock(path: string): boolean {
  return isDiskProbe(path) && path.includes('/tmp/clock-');
}
