declare module 'blind-pairing' {
  import type { EventEmitter } from 'node:events';
  import type NoiseSecretStream from '@hyperswarm/secret-stream';

  interface InviteParts {
    readonly id: Buffer;
    readonly seed: Buffer;
    readonly publicKey: Buffer;
    readonly discoveryKey: Buffer;
  }

  /** What blind-pairing needs of a swarm. */
  interface PairingSwarmLike extends EventEmitter {
    readonly connections: Set<NoiseSecretStream>;
    readonly dht: unknown;
    join(topic: Buffer, options: { readonly server: boolean; readonly client: boolean }): unknown;
    flush(): Promise<unknown>;
  }

  interface MemberRequest {
    open(publicKey: Buffer): Buffer;
    confirm(reply: { readonly key: Buffer; readonly encryptionKey: Buffer }): void;
  }

  interface PairedReply {
    readonly key: Buffer;
    readonly encryptionKey: Buffer | null;
  }

  interface Closable {
    close(): Promise<void>;
  }

  class BlindPairing {
    constructor(swarm: PairingSwarmLike, options?: { readonly poll?: number });
    static createInvite(key: Buffer, options: { readonly seed: Buffer }): InviteParts;
    addMember(options: {
      readonly discoveryKey: Buffer;
      readonly onadd: (request: MemberRequest) => Promise<void>;
    }): Closable;
    addCandidate(options: {
      readonly invite: { readonly seed: Buffer; readonly discoveryKey: Buffer };
      readonly userData: Buffer;
      readonly discoveryKey: Buffer;
      readonly onadd: (reply: PairedReply) => Promise<void>;
    }): Closable;
    close(): Promise<void>;
  }
  export default BlindPairing;
  export type { Closable, MemberRequest, PairedReply, PairingSwarmLike };
}
