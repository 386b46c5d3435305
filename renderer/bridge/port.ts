import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { type DesktopBridge, PORT_MESSAGE } from '../../shared/contract/bridge.ts';
import type { ContractClient } from '../../shared/contract/contract.ts';
import { isErrorCode } from '../../shared/errors.ts';
import type { ConnectionListener } from './connection-listener.ts';

/** In the desktop window: a MessagePort to the engine's process, brokered by the shell; a new one after each restart. */
export const connectByPort = (bridge: DesktopBridge, listener: ConnectionListener): (() => void) => {
  let current: MessagePort | null = null;
  window.addEventListener('message', (event) => {
    const [port] = event.ports;
    if (event.source !== window || event.data !== PORT_MESSAGE || !port) return;
    current?.close();
    current = port;
    const client: ContractClient = createORPCClient(new RPCLink({ port }));
    port.start();
    listener.onConnected(client);
  });
  bridge.onEngineState((state) => {
    switch (state.kind) {
      case 'starting':
      case 'running':
        return;
      case 'restarting':
        current?.close();
        current = null;
        listener.onLost();
        return;
      case 'failed':
        listener.onFailed(isErrorCode(state.code) ? state.code : 'internal', state.message);
    }
  });
  bridge.connect();
  return () => bridge.connect();
};
