declare module 'hyperdht' {
  import type { EventEmitter } from 'node:events';
  import type NoiseSecretStream from '@hyperswarm/secret-stream';
  import type { NoiseKeyPair } from '@hyperswarm/secret-stream';

  interface HostAndPort {
    readonly host: string;
    readonly port: number;
  }

  interface DhtOptions {
    readonly bootstrap?: readonly (string | HostAndPort)[];
    readonly host?: string;
    readonly port?: number;
    readonly keyPair?: NoiseKeyPair;
    readonly ephemeral?: boolean;
    readonly firewalled?: boolean;
    readonly anyPort?: boolean;
    readonly connectionKeepAlive?: number | false;
  }

  export interface DhtCallOptions {
    readonly keyPair?: NoiseKeyPair;
    /** Whether the other's address on the local network is tried; default true. */
    readonly localConnection?: boolean;
  }

  class HyperDHT extends EventEmitter {
    constructor(options?: DhtOptions);
    readonly destroyed: boolean;
    connect(publicKey: Buffer, options?: DhtCallOptions): NoiseSecretStream;
    fullyBootstrapped(): Promise<void>;
    address(): HostAndPort;
    refresh(): void;
    toArray(): readonly HostAndPort[];
    destroy(options?: { readonly force?: boolean }): Promise<void>;
    static readonly BOOTSTRAP: readonly string[];
    static bootstrapper(port: number, host: string, options?: DhtOptions): HyperDHT;
  }
  export default HyperDHT;
}
