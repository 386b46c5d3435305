declare module 'hyperswarm' {
  import type { EventEmitter } from 'node:events';
  import type NoiseSecretStream from '@hyperswarm/secret-stream';
  import type { NoiseKeyPair } from '@hyperswarm/secret-stream';
  import type HyperDHT from 'hyperdht';

  interface SwarmOptions {
    readonly dht?: HyperDHT;
    readonly keyPair?: NoiseKeyPair;
    readonly maxPeers?: number;
    readonly maxParallel?: number;
    readonly firewall?: (remotePublicKey: Buffer) => boolean;
  }

  interface PeerInfo {
    readonly publicKey: Buffer;
    ban(banned: boolean): void;
  }

  interface PeerDiscovery {
    flushed(): Promise<boolean>;
    refresh(options: { readonly server: boolean; readonly client: boolean }): Promise<void>;
    destroy(): Promise<void>;
  }

  class Hyperswarm extends EventEmitter {
    constructor(options?: SwarmOptions);
    dht: Pick<HyperDHT, 'destroy'>;
    readonly connections: Set<NoiseSecretStream>;
    readonly peers: Map<string, PeerInfo>;
    readonly server: { close(): Promise<void>; refresh(): void };
    readonly destroyed: boolean;
    listen(): Promise<unknown>;
    join(topic: Buffer, options?: { readonly server?: boolean; readonly client?: boolean }): PeerDiscovery;
    leave(topic: Buffer): Promise<void>;
    joinPeer(publicKey: Buffer): void;
    leavePeer(publicKey: Buffer): void;
    flush(): Promise<boolean>;
    clear(): Promise<unknown>;
    destroy(options?: { readonly force?: boolean }): Promise<void>;
  }
  export default Hyperswarm;
}
