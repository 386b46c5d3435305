/** A connection to a D-Bus: calls what others serve, and serves what others call. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { decodeMessage, encodeMessage, MESSAGE, type Message } from './message.ts';
import type { DbusValue } from './wire.ts';

/** What is called: a method of an interface of an object of somebody. */
export interface Method {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
}

/** Values with the signature that tells their types. */
export interface Values {
  readonly signature: string;
  readonly body: readonly DbusValue[];
}

/** Answers a call; null refuses it. */
export type Serve = (call: Message) => Values | null;

const NOTHING: Values = { signature: '', body: [] };
const UNKNOWN_METHOD = 'org.freedesktop.DBus.Error.UnknownMethod';

/** The bus's own object. */
export const busMethod = (member: string): Method => ({
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
  member,
});

/** A client of a bus. */
export class BusConnection {
  readonly #socket: Socket;
  readonly #serve: Serve;
  readonly #waiting = new Map<number, (answer: Message) => void>();
  #arrived = Buffer.alloc(0);
  #serial = 0;

  private constructor(socket: Socket, serve: Serve) {
    this.#socket = socket;
    this.#serve = serve;
  }

  /** Introduces itself to the bus whose socket lies at `path`. */
  static async open(path: string, serve: Serve = () => null): Promise<BusConnection> {
    const socket = connect(path);
    await once(socket, 'connect');
    const user = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
    socket.write(`\0AUTH EXTERNAL ${user}\r\n`);
    const [word] = (await once(socket, 'data')) as [Buffer];
    if (!word.toString().startsWith('OK ')) throw new Error(`the bus refused: ${word.toString()}`);
    socket.write('BEGIN\r\n');
    const connection = new BusConnection(socket, serve);
    socket.on('data', (piece: Buffer) => connection.#take(piece));
    await connection.call(busMethod('Hello'));
    return connection;
  }

  /** Calls and gives the values that are answered. Rejects with the error's name where it is refused. */
  async call(method: Method, { signature, body }: Values = NOTHING): Promise<readonly DbusValue[]> {
    const serial = this.#send({ ...method, type: MESSAGE.call, signature, body });
    const answer = await new Promise<Message>((resolve) => this.#waiting.set(serial, resolve));
    if (answer.type === MESSAGE.answer) return answer.body;
    throw new Error(`${method.member}: ${answer.errorName} ${String(answer.body[0] ?? '')}`);
  }

  close(): void {
    this.#socket.destroy();
  }

  #send(message: Omit<Message, 'serial'>): number {
    this.#serial += 1;
    this.#socket.write(encodeMessage({ ...message, serial: this.#serial }));
    return this.#serial;
  }

  #take(piece: Buffer): void {
    this.#arrived = Buffer.concat([this.#arrived, piece]);
    for (let next = decodeMessage(this.#arrived); next !== null; next = decodeMessage(this.#arrived)) {
      this.#arrived = this.#arrived.subarray(next.size);
      this.#handle(next.message);
    }
  }

  #handle(message: Message): void {
    if (message.type === MESSAGE.call) {
      const values = this.#serve(message);
      const back = { destination: message.sender, replyTo: message.serial };
      if (values === null) this.#send({ ...back, type: MESSAGE.refusal, errorName: UNKNOWN_METHOD, body: [] });
      else this.#send({ ...back, ...values, type: MESSAGE.answer });
    } else if (message.replyTo !== undefined) {
      this.#waiting.get(message.replyTo)?.(message);
      this.#waiting.delete(message.replyTo);
    }
  }
}
