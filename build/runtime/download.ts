/** Fetching one file whose SHA-256 is known. */
import { createHash } from 'node:crypto';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { get as getPlain, type IncomingMessage } from 'node:http';
import { get as getSecure } from 'node:https';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** How long the other side may be silent. There is no limit on the whole. */
interface Patience {
  /** Name lookup, connection and greeting together, in milliseconds. */
  readonly connectMs: number;
  /** Without a single byte for this long, the other side counts as gone. */
  readonly stallMs: number;
}

const PATIENCE: Patience = { connectMs: 5_000, stallMs: 20_000 };
const PROGRESS_MS = 3_000;
const MAX_REDIRECTS = 5;

const request = (url: string, patience: Patience, redirectsLeft: number): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const secure = url.startsWith('https:');
    const outgoing = (secure ? getSecure : getPlain)(url, { headers: { 'user-agent': 'flotilla-build' } });
    const seconds = (ms: number): string => `${ms / 1000} s`;
    const limit = setTimeout(
      () => outgoing.destroy(new Error(`no connection within ${seconds(patience.connectMs)}`)),
      patience.connectMs,
    );
    outgoing.on('socket', (socket) => socket.once(secure ? 'secureConnect' : 'connect', () => clearTimeout(limit)));
    // Once an answer has begun, its reader is who has to hear of it.
    let answer: IncomingMessage | null = null;
    outgoing.setTimeout(patience.stallMs, () => {
      (answer ?? outgoing).destroy(new Error(`no byte for ${seconds(patience.stallMs)}`));
    });
    outgoing.on('error', (error) => {
      clearTimeout(limit);
      reject(error);
    });
    outgoing.on('response', (response) => {
      clearTimeout(limit);
      answer = response;
      const { statusCode = 0, headers } = response;
      if (statusCode === 200) return resolve(response);
      response.resume();
      if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined && redirectsLeft > 0) {
        return resolve(request(new URL(headers.location, url).href, patience, redirectsLeft - 1));
      }
      return reject(new Error(`answered with status ${statusCode}`));
    });
  });

/**
 * Fetches `url` into `path`, which appears only once its SHA-256 (hex) is right.
 * @throws Error what kept the file from being fetched, in words
 */
export const download = async (
  url: string,
  path: string,
  sha256: string,
  say: (text: string) => void,
  patience = PATIENCE,
): Promise<void> => {
  const response = await request(url, patience, MAX_REDIRECTS);
  const total = Number(response.headers['content-length'] ?? 0);
  const partial = `${path}.${process.pid}.part`;
  const hash = createHash('sha256');
  let received = 0;
  const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(0);
  const progress = setInterval(() => say(`  ${megabytes(received)} of ${megabytes(total)} MB`), PROGRESS_MS);
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    await pipeline(response, count, createWriteStream(partial));
    if (hash.digest('hex') !== sha256) throw new Error('what came is not what was expected (SHA-256 differs)');
    renameSync(partial, path);
  } finally {
    clearInterval(progress);
    rmSync(partial, { force: true });
  }
};
