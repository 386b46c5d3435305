import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { download } from '../../build/runtime/download.ts';

const CONTENT = Buffer.from('what was asked for');
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');
const PATIENCE = { connectMs: 2_000, stallMs: 200 };

describe('fetching a file whose hash is known', () => {
  const place = mkdtempSync(join(tmpdir(), 'flotilla-download-'));
  const target = join(place, 'file');
  let server: Server | undefined;

  const serve = async (listener: RequestListener): Promise<string> => {
    server = createServer(listener);
    await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };
  const fetchFrom = (url: string) => download(url, target, SHA256, () => {}, PATIENCE);

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    rmSync(target, { force: true });
  });
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  it('brings it', async () => {
    await fetchFrom(await serve((_request, response) => response.end(CONTENT)));
    expect(readFileSync(target)).toEqual(CONTENT);
  });

  it('follows where it is sent', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/there') response.end(CONTENT);
      else response.writeHead(302, { location: '/there' }).end();
    });
    await fetchFrom(url);
    expect(readFileSync(target)).toEqual(CONTENT);
  });

  it('does not go round in circles', async () => {
    const url = await serve((_request, response) => response.writeHead(302, { location: '/again' }).end());
    await expect(fetchFrom(url)).rejects.toThrow('status 302');
  });

  it.each([
    ['something else', 'SHA-256 differs', (response) => response.end('something else')],
    ['nothing', 'status 404', (response) => response.writeHead(404).end()],
    ['half of it, and then nothing more', 'no byte for', (response) => response.write(CONTENT.subarray(0, 5))],
    ['an answer that never starts', 'no byte for', () => undefined],
  ] satisfies [string, string, (response: Parameters<RequestListener>[1]) => unknown][])(
    'leaves no file behind after %s',
    async (_what, message, answer) => {
      const url = await serve((_request, response) => void answer(response));
      await expect(fetchFrom(url)).rejects.toThrow(message);
      expect(existsSync(target)).toBe(false);
      expect(readdirSync(place)).toEqual([]);
    },
  );

  it('says that nobody is there', async () => {
    await expect(fetchFrom('http://127.0.0.1:1/')).rejects.toThrow('ECONNREFUSED');
  });
});
