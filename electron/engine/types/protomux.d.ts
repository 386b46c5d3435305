declare module 'protomux' {
  import type NoiseSecretStream from '@hyperswarm/secret-stream';

  interface EncodeState {
    buffer: Buffer;
    start: number;
    end: number;
  }

  interface Encoding<T> {
    preencode(state: { start: number; end: number }, value: T): void;
    encode(state: EncodeState, value: T): void;
    decode(state: EncodeState): T;
  }

  interface Message<T> {
    send(value: T): boolean;
  }

  interface MessageOptions<T> {
    readonly encoding: Encoding<T>;
    readonly onmessage: (value: T) => void;
  }

  interface Channel {
    readonly opened: boolean;
    readonly closed: boolean;
    open(): void;
    close(): void;
    addMessage<T>(options: MessageOptions<T>): Message<T>;
  }

  interface ChannelOptions {
    readonly protocol: string;
    readonly onopen?: () => void;
    readonly onclose?: () => void;
    readonly ondrain?: () => void;
  }

  class Protomux {
    constructor(stream: NoiseSecretStream);
    static from(stream: NoiseSecretStream): Protomux;
    readonly drained: boolean;
    pair(options: { readonly protocol: string }, notify: () => void): void;
    createChannel(options: ChannelOptions): Channel | null;
    destroy(error?: Error): void;
  }
  export default Protomux;
  export type { Channel, Encoding, Message };
}
