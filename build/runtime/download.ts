/** Fetching one file whose SHA-256 is known. */
import { createHash } from 'node:crypto';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Name lookup, connection and greeting together. */
const CONNECT_MS = 5_000;
/** Without a single byte for this long, the other side counts as gone. There is no limit on the whole. */
const STALL_MS = 20_000;
const PROGRESS_MS = 3_000;
const MAX_REDIRECTS = 5;

const request = (url: string, redirectsLeft: number): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const outgoing = get(url, { headers: { 'user-agent': 'flotilla-build' } });
    const limit = setTimeout(
      () => outgoing.destroy(new Error(`no connection within ${CONNECT_MS / 1000} s`)),
      CONNECT_MS,
    );
    outgoing.on('socket', (socket) => socket.once('secureConnect', () => clearTimeout(limit)));
    outgoing.setTimeout(STALL_MS, () => outgoing.destroy(new Error(`no byte for ${STALL_MS / 1000} s`)));
    outgoing.on('error', (error) => {
      clearTimeout(limit);
      reject(error);
    });
    outgoing.on('response', (response) => {
      clearTimeout(limit);
      const { statusCode = 0, headers } = response;
      if (statusCode === 200) return resolve(response);
      response.resume();
      if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined && redirectsLeft > 0) {
        return resolve(request(new URL(headers.location, url).href, redirectsLeft - 1));
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
): Promise<void> => {
  const response = await request(url, MAX_REDIRECTS);
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
