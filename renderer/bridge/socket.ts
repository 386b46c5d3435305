import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractClient } from '../../shared/contract/contract.ts';
import type { ConnectionListener } from './connection-listener.ts';

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 2_000;
const TOKEN_KEY = 'flotilla-token';

/** The token from the address, remembered for reloads of this tab and taken out of what the address bar shows. */
const takeToken = (): string | null => {
  const address = new URL(window.location.href);
  const fragment = new URLSearchParams(address.hash.slice(1));
  const given = address.searchParams.get('token') ?? fragment.get('token');
  if (given === null) return sessionStorage.getItem(TOKEN_KEY);
  sessionStorage.setItem(TOKEN_KEY, given);
  address.searchParams.delete('token');
  if (fragment.has('token')) address.hash = '';
  window.history.replaceState(null, '', address);
  return given;
};

const socketAddress = (token: string | null): URL => {
  const address = new URL('rpc', window.location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  address.hash = '';
  address.search = '';
  if (token !== null) address.searchParams.set('token', token);
  return address;
};

/** Whether the engine is there and does not know the token: it was started again with another one. */
const isTurnedAway = async (token: string | null): Promise<boolean> => {
  const address = new URL('/', window.location.href);
  if (token !== null) address.searchParams.set('token', token);
  try {
    return (await fetch(address, { cache: 'no-store' })).status === 401;
  } catch {
    return false;
  }
};

/** In a page: a WebSocket to where the page came from, opened again and again when it is lost. */
export const connectBySocket = (listener: ConnectionListener): (() => void) => {
  const token = takeToken();
  let retryMs = FIRST_RETRY_MS;
  let timer: number | null = null;
  let tried = 0;

  // An engine that turns the page away and one that is gone look alike to a socket.
  const lookWhy = async (): Promise<void> => {
    if (await isTurnedAway(token)) listener.onFailed('unauthorized', 'The token is not the one of this engine.');
    else if (tried > 1) listener.onLost();
  };

  const open = (): void => {
    timer = null;
    const socket = new WebSocket(socketAddress(token));
    socket.binaryType = 'arraybuffer';
    let stood = false;
    socket.addEventListener('open', () => {
      stood = true;
      tried = 0;
      retryMs = FIRST_RETRY_MS;
      const client: ContractClient = createORPCClient(new RPCLink({ websocket: socket }));
      listener.onConnected(client);
    });
    socket.addEventListener('close', () => {
      tried += 1;
      if (stood) listener.onLost();
      else void lookWhy();
      timer = window.setTimeout(open, retryMs);
      retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
    });
  };
  open();
  return () => {
    if (timer === null) return;
    window.clearTimeout(timer);
    retryMs = FIRST_RETRY_MS;
    open();
  };
};
