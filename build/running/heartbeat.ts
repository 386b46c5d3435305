/** A sign of life from work that may take long. */

const HEARTBEAT_MS = 3_000;

/** Says every few seconds how long `work` has taken so far, until it ends, unless the work itself says something. */
export const withHeartbeat = async <Result>(
  label: string,
  work: (say: (text: string) => void) => Promise<Result>,
  say: (text: string) => void = console.log,
): Promise<Result> => {
  const started = Date.now();
  let lastSaid = started;
  const tell = (text: string): void => {
    lastSaid = Date.now();
    say(text);
  };
  const heartbeat = setInterval(() => {
    if (Date.now() - lastSaid >= HEARTBEAT_MS) tell(`  ${label}: ${Math.round((Date.now() - started) / 1000)} s`);
  }, HEARTBEAT_MS / 3);
  try {
    return await work(tell);
  } finally {
    clearInterval(heartbeat);
  }
};
