declare module '@hyperswarm/secret-stream' {
  import type { EventEmitter } from 'node:events';
  import type { Duplex } from 'node:stream';

  interface NoiseKeyPair {
    readonly publicKey: Buffer;
    readonly secretKey: Buffer;
  }

  interface NoiseStreamOptions {
    readonly pattern?: 'XX' | 'IK';
    readonly keyPair?: NoiseKeyPair;
    readonly remotePublicKey?: Buffer;
  }

  class NoiseSecretStream extends EventEmitter {
    constructor(isInitiator: boolean, rawStream: Duplex | null, options?: NoiseStreamOptions);
    readonly isInitiator: boolean;
    readonly publicKey: Buffer | null;
    readonly remotePublicKey: Buffer | null;
    readonly handshakeHash: Buffer | null;
    readonly opened: Promise<boolean>;
    readonly connected: boolean;
    readonly destroyed: boolean;
    readonly destroying: boolean;
    readonly rawBytesWritten: number;
    readonly rawBytesRead: number;
    readonly rawStream: (Duplex & { readonly localAddress?: string }) | null;
    userData: unknown;
    write(data: Uint8Array): boolean;
    end(): void;
    pause(): void;
    resume(): void;
    destroy(error?: Error | null): void;
    setKeepAlive(ms: number): void;
    alloc(length: number): Buffer;
  }
  export default NoiseSecretStream;
}
