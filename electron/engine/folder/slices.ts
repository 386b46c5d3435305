/** Lets everything that waits for the engine's thread run. */
export function yieldNow(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
