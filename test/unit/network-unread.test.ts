import { connect, createServer, type Socket } from 'node:net';
import NoiseSecretStream from '@hyperswarm/secret-stream';
import { expect, it } from 'vitest';
import { Connection } from '../../electron/engine/network/connection.ts';
import { createFakeClock } from '../support/fake-clock.ts';

it('PA-51 a peer that reads nothing costs a bounded memory, whatever is sent to it', async () => {
  const waiting: Socket[] = [];
  const server = createServer((socket) => waiting.push(socket));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const socket = connect((server.address() as { port: number }).port, '127.0.0.1');
  await expect.poll(() => waiting.length).toBe(1);
  const silent = waiting[0] as Socket;
  const here = new NoiseSecretStream(true, socket);
  const there = new NoiseSecretStream(false, silent);
  here.on('error', () => {});
  there.on('error', () => {});
  expect(await Promise.all([here.opened, there.opened])).toEqual([true, true]);
  silent.pause();
  let reason: string | null = null;
  const nothing = (): void => undefined;
  const connection = new Connection(here, createFakeClock(), {
    control: nothing,
    pong: nothing,
    message: nothing,
    ended: nothing,
    closed: (why) => {
      reason = why.type;
    },
  });
  connection.admit('all');
  let sent = 0;
  while (reason === null && sent < 256 * 1024 * 1024) {
    connection.send('metadata', new Uint8Array(64 * 1024));
    sent += 64 * 1024;
    // Lets the socket write and the end be told.
    if (sent % (1024 * 1024) === 0) await new Promise((next) => setImmediate(next));
  }
  expect(reason).toBe('silent');
  expect(sent).toBeLessThan(96 * 1024 * 1024);
  there.destroy();
  server.close();
});
