import type NoiseSecretStream from '@hyperswarm/secret-stream';
import Protomux, { type Encoding, type Message } from 'protomux';
import type { ChannelName } from '../ports/peers.ts';
import { bytesEncoding } from './bytes-encoding.ts';
import { giveBack } from './give-back.ts';
import type { Piece } from './outbox.ts';
import { CHANNELS, protocolName } from './protocol.ts';

const KIND_BYTE = { more: 0, last: 1, end: 2 } as const;

/** A piece on the wire: one byte of kind (0 more follows, 1 last, 2 end of the channel), then its bytes. */
const pieceEncoding: Encoding<Piece> = {
  preencode(state, piece) {
    state.end += 1 + piece.bytes.byteLength;
  },
  encode(state, piece) {
    state.buffer[state.start] = KIND_BYTE[piece.kind];
    state.buffer.set(piece.bytes, state.start + 1);
    state.start += 1 + piece.bytes.byteLength;
  },
  decode(state) {
    const kind = state.buffer[state.start];
    const bytes = state.buffer.subarray(state.start + 1, state.end);
    state.start = state.end;
    if (kind === KIND_BYTE.more) return { kind: 'more', bytes };
    if (kind === KIND_BYTE.last) return { kind: 'last', bytes };
    if (kind === KIND_BYTE.end && bytes.byteLength === 0) return { kind: 'end', bytes };
    throw new Error('no such kind of piece');
  },
};

/** What a wire tells its owner. `closed` comes last and once. */
export interface WireEvents {
  /** Bytes arrived, be it only a part of a piece. */
  heard(): void;
  control(bytes: Uint8Array): void;
  piece(channel: ChannelName, piece: Piece): void;
  drain(): void;
  closed(): void;
}

/** Protomux over one secret stream: a control channel and the three of the port. The only file that knows Protomux. */
export class Wire {
  readonly #stream: NoiseSecretStream;
  readonly #mux: Protomux;
  readonly #control: Message<Uint8Array>;
  readonly #pieces = new Map<ChannelName, Message<Piece>>();
  #closed = false;

  constructor(stream: NoiseSecretStream, events: WireEvents) {
    this.#stream = stream;
    let read = stream.rawBytesRead;
    stream.rawStream?.on('data', (chunk: Uint8Array) => {
      events.heard();
      // No frame ended in it: the secret stream, which heard of it first, has copied what is one's beginning or middle.
      if (stream.rawBytesRead === read) giveBack(chunk);
      read = stream.rawBytesRead;
    });
    stream.on('close', () => {
      this.#closed = true;
      events.closed();
    });
    this.#mux = new Protomux(stream);
    this.#control = this.#open('control', bytesEncoding, (bytes) => events.control(bytes), events.drain);
    for (const channel of CHANNELS) {
      this.#pieces.set(
        channel,
        this.#open(channel, pieceEncoding, (piece) => events.piece(channel, piece)),
      );
    }
  }

  /** Whether the stream takes more without queueing. */
  get drained(): boolean {
    return this.#mux.drained;
  }

  sendControl(bytes: Uint8Array): void {
    if (!this.#closed) this.#control.send(bytes);
  }

  sendPiece(channel: ChannelName, piece: Piece): void {
    if (!this.#closed) this.#pieces.get(channel)?.send(piece);
  }

  /** Closes after what was written has gone out. */
  end(): void {
    this.#stream.end();
  }

  destroy(): void {
    this.#stream.destroy();
  }

  #open<T>(
    name: ChannelName | 'control',
    encoding: Encoding<T>,
    onmessage: (value: T) => void,
    ondrain?: () => void,
  ): Message<T> {
    const channel = this.#mux.createChannel({
      protocol: protocolName(name),
      // A side that closes one of the channels is done with the connection.
      onclose: () => this.#stream.destroy(),
      ...(ondrain === undefined ? {} : { ondrain }),
    });
    if (channel === null) throw new Error('the stream has ended');
    const message = channel.addMessage({ encoding, onmessage });
    channel.open();
    return message;
  }
}
