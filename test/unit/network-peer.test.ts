import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Peer } from '../../electron/engine/network/peer.ts';
import { CHANNELS } from '../../electron/engine/network/protocol.ts';
import type { ChannelName, LinkKind } from '../../electron/engine/ports/peers.ts';
import type { DeviceId } from '../../shared/ids.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { type LinkEnd, linkPair } from '../support/link-pair.ts';

const IDS = ['aa', 'bb'].map((byte) => byte.repeat(32) as DeviceId) as [DeviceId, DeviceId];

type Seen =
  | { readonly type: 'up' | 'moved' | 'down' }
  | { readonly type: 'message'; readonly channel: ChannelName; readonly session: number; readonly number: number };

/** One of two devices, with what it saw and what it has sent since it last went up. */
class Side {
  readonly peer: Peer;
  readonly seen: Seen[] = [];
  twins = 0;
  session = 0;
  start = 1;
  sent: Record<ChannelName, number> = { metadata: 0, index: 0, content: 0 };

  constructor(which: 0 | 1, clock: FakeClock) {
    this.peer = new Peer(IDS[1 - which] as DeviceId, which === 0, clock, {
      up: () => {
        this.session += 1;
        this.sent = { metadata: 0, index: 0, content: 0 };
        this.seen.push({ type: 'up' });
      },
      moved: () => this.seen.push({ type: 'moved' }),
      down: () => this.seen.push({ type: 'down' }),
      message: (channel, bytes) => {
        const [session = 0, number = 0] = new Uint32Array(bytes.slice().buffer);
        this.seen.push({ type: 'message', channel, session, number });
      },
      addresses: () => {},
      twin: () => {
        this.twins += 1;
      },
    });
  }

  send(channel: ChannelName): void {
    const link = this.peer.current;
    if (link === null) return;
    const bytes = new Uint8Array(Uint32Array.of(this.session, this.sent[channel]).buffer);
    this.sent[channel] += 1;
    link.send(channel, bytes);
  }

  get up(): boolean {
    return this.peer.current !== null;
  }
}

class World {
  readonly clock = createFakeClock();
  readonly sides = [new Side(0, this.clock), new Side(1, this.clock)] as const;
  readonly links: (readonly [LinkEnd, LinkEnd])[] = [];

  connect(kind: LinkKind): readonly [LinkEnd, LinkEnd] {
    const since = this.clock.monotonic();
    const end = (which: 0 | 1) => ({
      device: IDS[1 - which] as DeviceId,
      kind,
      since,
      start: this.sides[1 - which]?.start ?? 0,
      linked: this.sides[1 - which]?.up ?? false,
    });
    const pair = linkPair(end(0), end(1));
    this.links.push(pair);
    return pair;
  }

  /** One of the links that have not ended on both sides, the latest first. */
  live(index: number): readonly [LinkEnd, LinkEnd] | undefined {
    const live = this.links.filter((pair) => pair.some(({ closed }) => !closed));
    return live[live.length - 1 - (index % Math.max(1, live.length))];
  }

  /** Lets everything arrive that can. */
  settle(): void {
    for (let moved = true; moved; ) {
      moved = false;
      for (const pair of this.links) {
        for (const end of pair)
          for (const queue of ['main', 'content'] as const) while (end.arrive(queue)) moved = true;
      }
    }
  }
}

/** Between an up and its down: every message from one session of the other side, from its first, without a gap. */
function problemOf(seen: readonly Seen[]): string | null {
  let up = false;
  let session: number | null = null;
  let next: Record<ChannelName, number> = { metadata: 0, index: 0, content: 0 };
  for (const event of seen) {
    if (event.type === 'up') {
      if (up) return 'up twice';
      up = true;
      session = null;
      next = { metadata: 0, index: 0, content: 0 };
    } else if (!up) return `${event.type} while down`;
    else if (event.type === 'down') up = false;
    else if (event.type === 'message') {
      session ??= event.session;
      if (event.session !== session) return 'two sessions in one';
      if (event.number !== next[event.channel]) return `${event.channel} ${event.number} for ${next[event.channel]}`;
      next[event.channel] += 1;
    }
  }
  return null;
}

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('send' as const), side: fc.nat(1), channel: fc.nat(2) }),
  },
  {
    weight: 16,
    arbitrary: fc.record({
      do: fc.constant('arrive' as const),
      link: fc.nat(2),
      end: fc.nat(1),
      content: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('connect' as const),
      kind: fc.constantFrom<LinkKind>('lan', 'direct', 'relayed'),
      // Which sides take the link in at once; the others do so when a later step says it, or in the end.
      join: fc.constantFrom<readonly (0 | 1)[]>([0, 1], [0, 1], [1, 0], [0], [1]),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('join' as const), link: fc.nat(2), end: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('break' as const), link: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(3_000) }) },
);

describe('PA peer', () => {
  it('PA-2 keeps order and loses nothing unseen over any links that come, move and break', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 200, size: 'max' }), (steps) => {
        const world = new World();
        const added = new Set<LinkEnd>();
        const add = (end: LinkEnd, which: number): void => {
          if (added.has(end)) return;
          added.add(end);
          world.sides[which as 0 | 1].peer.add(end);
        };
        for (const each of steps) {
          switch (each.do) {
            case 'send':
              world.sides[each.side as 0 | 1].send(CHANNELS[each.channel] as ChannelName);
              break;
            case 'arrive':
              world.live(each.link)?.[each.end as 0 | 1].arrive(each.content ? 'content' : 'main');
              break;
            case 'connect': {
              const pair = world.connect(each.kind);
              for (const which of each.join) add(pair[which], which);
              break;
            }
            case 'join': {
              const end = world.live(each.link)?.[each.end as 0 | 1];
              if (end !== undefined) add(end, each.end);
              break;
            }
            case 'break':
              for (const end of world.live(each.link) ?? []) end.breakOff();
              break;
            default:
              world.clock.advance(each.ms);
          }
        }
        for (const pair of world.links) for (const [which, end] of pair.entries()) add(end, which);
        world.settle();
        world.clock.advance(20_000);
        world.settle();
        for (const side of world.sides) expect(problemOf(side.seen)).toBeNull();
        const [a, b] = world.sides;
        expect(a.up).toBe(b.up);
        if (!a.up) return;
        for (const [from, to] of [
          [a, b],
          [b, a],
        ] as const) {
          for (const channel of CHANNELS) {
            const since = to.seen.findLastIndex(({ type }) => type === 'up');
            const got = to.seen.slice(since).filter((e) => e.type === 'message' && e.channel === channel);
            expect(got.length).toBe(from.sent[channel]);
          }
        }
      }),
      { numRuns: 1_500 },
    );
  });

  it('PA-3 moves to a link of the local network and closes the other', () => {
    const world = new World();
    const join = (pair: readonly [LinkEnd, LinkEnd]): void => {
      for (const which of [0, 1] as const) world.sides[which].peer.add(pair[which]);
      world.settle();
    };
    const direct = world.connect('direct');
    join(direct);
    join(world.connect('lan'));
    for (const side of world.sides) {
      expect(side.seen.map(({ type }) => type)).toEqual(['up', 'moved']);
      expect(side.peer.current?.kind).toBe('lan');
    }
    expect(direct.every(({ closed }) => closed)).toBe(true);
    join(world.connect('direct'));
    for (const side of world.sides) expect(side.peer.current?.kind).toBe('lan');
  });

  it('PA-4 gives up a link that the other side has lost, for one that it dials anew', () => {
    const world = new World();
    const first = world.connect('lan');
    for (const which of [0, 1] as const) world.sides[which].peer.add(first[which]);
    world.settle();
    world.clock.advance(5_000);
    first[1].breakOff();
    first[1].arrive('main');
    const second = world.connect('lan');
    for (const which of [0, 1] as const) world.sides[which].peer.add(second[which]);
    world.settle();
    expect(world.sides[0].seen.map(({ type }) => type)).toEqual(['up', 'down', 'up']);
    expect(world.sides[0].up && world.sides[1].up).toBe(true);
  });

  it('PA-5 tells a restarted device from one that runs twice', () => {
    for (const stillAnswers of [false, true]) {
      const world = new World();
      const first = world.connect('lan');
      for (const which of [0, 1] as const) world.sides[which].peer.add(first[which]);
      world.settle();
      world.sides[1].start = 2;
      const second = world.connect('lan');
      world.sides[0].peer.add(second[0]);
      if (!stillAnswers) for (const end of first) end.breakOff();
      world.settle();
      expect(world.sides[0].twins).toBe(stillAnswers ? 1 : 0);
      expect(world.sides[0].peer.current).toBe(second[0]);
    }
  });

  it('PA-6 follows a device that chooses after it has started again', () => {
    const world = new World();
    const join = (pair: readonly [LinkEnd, LinkEnd]): void => {
      for (const which of [0, 1] as const) world.sides[which].peer.add(pair[which]);
      world.settle();
    };
    join(world.connect('direct'));
    join(world.connect('lan'));
    const restarted = new World();
    restarted.sides[0].start = 2;
    world.links.flat().forEach((end) => {
      end.breakOff();
    });
    world.settle();
    expect(world.sides[1].up).toBe(false);
    const pair = restarted.connect('lan');
    restarted.sides[0].peer.add(pair[0]);
    world.sides[1].peer.add(pair[1]);
    restarted.settle();
    expect(world.sides[1].peer.current).toBe(pair[1]);
  });
});
