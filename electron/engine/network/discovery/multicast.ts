import multicastDns, { type MulticastDNS } from 'multicast-dns';
import type { CancelTimer, Clock } from '../../ports/clock.ts';
import type { TcpAddress } from '../tcp-address.ts';
import { hourOf } from './instance-name.ts';
import { type FoundService, readServices, SERVICE, serviceRecords } from './service-record.ts';

/** When records are sent and asked for after a start or change: at once, and twice more for packets that were lost. */
const REPEATS_MS = [0, 1_000, 3_000];
const ASK_EVERY_MS = 60_000;
/** At most one answer in this time, however many ask. */
const ANSWER_EVERY_MS = 100;

/** What the directory needs to know and to tell. */
export interface MulticastDeps {
  readonly clock: Clock;
  /** Where TCP connections are taken: one multicast socket is opened for each of these addresses. */
  readonly addresses: () => readonly TcpAddress[];
  /** Names to announce now. */
  readonly instances: () => readonly string[];
  readonly found: (service: FoundService) => void;
  /** Multicast is not to be had on this machine: another program holds the port for itself. */
  readonly failed: () => void;
}

interface Speaker {
  readonly socket: MulticastDNS;
  readonly address: TcpAddress;
}

/** Announces names on the local network by multicast DNS (RFC 6762) and finds those of others. */
export class MulticastDirectory {
  readonly #deps: MulticastDeps;
  #speakers = new Map<string, Speaker>();
  #everyMinute: CancelTimer | null = null;
  #repeats: CancelTimer[] = [];
  #answering: CancelTimer | null = null;
  #hour = 0;

  constructor(deps: MulticastDeps) {
    this.#deps = deps;
  }

  start(): void {
    const { clock } = this.#deps;
    this.#hour = hourOf(clock.now());
    this.#everyMinute = clock.every(ASK_EVERY_MS, () => this.#onMinute());
    this.changed();
  }

  /** Addresses or names are others now: says so, and asks who is there. */
  changed(): void {
    if (this.#everyMinute === null) return;
    this.#openSpeakers();
    for (const cancel of this.#repeats.splice(0)) cancel();
    for (const ms of REPEATS_MS) {
      const repeat = (): void => {
        this.#announce();
        this.#ask();
      };
      this.#repeats.push(this.#deps.clock.after(ms, repeat));
    }
  }

  async stop(): Promise<void> {
    for (const cancel of this.#repeats.splice(0)) cancel();
    this.#everyMinute?.();
    this.#everyMinute = null;
    this.#answering?.();
    const sockets = [...this.#speakers.values()].map(({ socket }) => socket);
    this.#speakers.clear();
    await Promise.all(sockets.map((socket) => new Promise<void>((resolve) => socket.destroy(resolve))));
  }

  #openSpeakers(): void {
    const wanted = new Map(this.#deps.addresses().map((address) => [address.host, address]));
    for (const [host, { socket, address }] of this.#speakers) {
      if (wanted.get(host)?.port === address.port) continue;
      socket.destroy();
      this.#speakers.delete(host);
    }
    for (const [host, address] of wanted) if (!this.#speakers.has(host)) this.#open(address);
  }

  #open(address: TcpAddress): void {
    // Without `bind` the socket would be bound to the interface's own address, where no multicast arrives.
    const socket = multicastDns({ interface: address.host, bind: '0.0.0.0' });
    const speaker = { socket, address };
    this.#speakers.set(address.host, speaker);
    socket.on('error', () => {
      if (this.#speakers.get(address.host) !== speaker) return;
      this.#speakers.delete(address.host);
      socket.destroy();
      this.#deps.failed();
    });
    socket.on('warning', () => {});
    socket.on('query', ({ questions }) => {
      if ((questions ?? []).some(({ name }) => name === SERVICE)) this.#answerSoon();
    });
    socket.on('response', ({ answers, additionals }) => {
      for (const service of readServices([...(answers ?? []), ...(additionals ?? [])])) this.#deps.found(service);
    });
  }

  #answerSoon(): void {
    this.#answering ??= this.#deps.clock.after(ANSWER_EVERY_MS, () => {
      this.#answering = null;
      this.#announce();
    });
  }

  #announce(): void {
    const instances = this.#deps.instances();
    for (const { socket, address } of this.#speakers.values()) {
      // A packet each: in one packet, strangers could tell that the names belong together.
      for (const instance of instances) socket.respond({ answers: serviceRecords(instance, address) });
    }
  }

  #ask(): void {
    for (const { socket } of this.#speakers.values()) {
      socket.query({ questions: [{ name: SERVICE, type: 'PTR' }] });
    }
  }

  #onMinute(): void {
    const hour = hourOf(this.#deps.clock.now());
    if (hour !== this.#hour) this.#announce();
    this.#hour = hour;
    // What could not be opened is tried again, and told again while it lasts.
    this.#openSpeakers();
    this.#ask();
  }
}
