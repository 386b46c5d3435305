/** A sign of life from work that may take long. */

const HEARTBEAT_MS = 3_000;

/** Says every few seconds how long `work` has taken so far, until it ends. */
export const withHeartbeat = async <Result>(label: string, work: () => Promise<Result>): Promise<Result> => {
  const started = Date.now();
  const heartbeat = setInterval(
    () => console.log(`  ${label}: ${Math.round((Date.now() - started) / 1000)} s`),
    HEARTBEAT_MS,
  );
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
  }
};
