import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { judgeRequest } from '../../electron/engine/contract/page-access.ts';

const address = { host: '127.0.0.1', port: 4711 };
const token = 'a'.repeat(43);

function request(url: string, headers: Record<string, string>): IncomingMessage {
  return { url, headers } as unknown as IncomingMessage;
}

describe('who may use the page', () => {
  it.each([
    ['the address with the token', `/?token=${token}`, { host: '127.0.0.1:4711' }, null],
    ['the same by name', `/?token=${token}`, { host: 'localhost:4711' }, null],
    ['a later visit with the cookie', '/', { host: '127.0.0.1:4711', cookie: `x=1; flotilla-4711=${token}` }, null],
    [
      'our own page’s socket',
      '/rpc',
      {
        host: '127.0.0.1:4711',
        origin: 'http://127.0.0.1:4711',
        upgrade: 'websocket',
        cookie: `flotilla-4711=${token}`,
      },
      null,
    ],
    ['no token', '/', { host: '127.0.0.1:4711' }, 'token'],
    ['a target that is none', '//', { host: '127.0.0.1:4711' }, 'token'],
    ['a wrong token', '/?token=b', { host: '127.0.0.1:4711' }, 'token'],
    ['a token of the right length', `/?token=${'b'.repeat(43)}`, { host: '127.0.0.1:4711' }, 'token'],
    ['the cookie of another port', '/', { host: '127.0.0.1:4711', cookie: `flotilla-4712=${token}` }, 'token'],
    ['another site’s name pointed here', `/?token=${token}`, { host: 'evil.example:4711' }, 'host'],
    ['no host at all', `/?token=${token}`, {}, 'host'],
    [
      'another page’s socket',
      `/rpc?token=${token}`,
      { host: '127.0.0.1:4711', origin: 'https://evil.example', upgrade: 'websocket' },
      'origin',
    ],
    [
      'a page on another port',
      `/rpc?token=${token}`,
      { host: '127.0.0.1:4711', origin: 'http://127.0.0.1:80', upgrade: 'websocket' },
      'origin',
    ],
    ['a socket without an origin', `/rpc?token=${token}`, { host: '127.0.0.1:4711', upgrade: 'websocket' }, 'origin'],
  ] as const)('%s', (_what, url, headers, refusal) => {
    expect(judgeRequest(request(url, headers), address, token)).toBe(refusal);
  });
});
