import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTransferState } from '../../electron/engine/transfer/state.ts';
import { step } from '../../electron/engine/transfer/step.ts';
import type { Item, Outcome, TransferEffect } from '../../electron/engine/transfer/types.ts';
import type { DeviceId, FolderId } from '../../shared/ids.ts';
import { CONTENT_FRAME_BYTES, MAX_BATCH_CONTENTS, MAX_SOURCE_WINDOW_BYTES } from '../../shared/limits.ts';

const folder = 'f0'.repeat(16) as FolderId;
const device = (name: string): DeviceId => name as DeviceId;
const KIB = 1024;

type Ask = TransferEffect & { type: 'request' };
const asks = (effects: readonly TransferEffect[]): Ask[] => effects.filter((e): e is Ask => e.type === 'request');

function large(task: number, count: number, sources: string[], size = 256 * KIB) {
  const pieces = Array.from({ length: count }, () => size);
  return { type: 'taskAdded', task, folder, kind: 'large', pieces, sources: sources.map(device) } as const;
}

describe('transfer', () => {
  it('TR-1: asks all sources at once, and each for something else', () => {
    const state = createTransferState();
    step(state, large(1, 40, ['a', 'b', 'c']));
    const requests = asks(step(state, { type: 'assign', now: 0 }));
    expect(new Set(requests.map((request) => request.source))).toEqual(new Set(['a', 'b', 'c']));
    const pieces = requests.flatMap((request) => request.items.map((item) => item.piece));
    expect(new Set(pieces).size).toBe(pieces.length);
  });

  it('TR-2: asks for small contents in batches, before chunks', () => {
    const state = createTransferState();
    step(state, large(1, 8, ['a']));
    for (let task = 2; task < 1_002; task += 1) {
      step(state, { type: 'taskAdded', task, folder, kind: 'small', pieces: [4 * KIB], sources: [device('a')] });
    }
    const requests = asks(step(state, { type: 'assign', now: 0 }));
    expect(requests.map((request) => request.kind)).toEqual(['small', 'small']);
    expect(requests[0]?.items.length).toBe(256);
  });

  it('TR-3: gives a faster source more', () => {
    const state = createTransferState();
    step(state, large(1, 4_000, ['fast', 'slow']));
    const msPerByte: Record<string, number> = { fast: 1 / 100_000, slow: 1 / 10_000 };
    const got: Record<string, number> = { fast: 0, slow: 0 };
    const queues: Record<string, { request: Ask; at: number }[]> = { fast: [], slow: [] };
    const take = (effects: readonly TransferEffect[], now: number): void => {
      for (const request of asks(effects)) {
        const queue = queues[request.source] ?? [];
        const bytes = request.items.length * 256 * KIB;
        const start = Math.max(now, queue.at(-1)?.at ?? 0);
        queue.push({ request, at: start + bytes * (msPerByte[request.source] ?? 1) });
      }
    };
    let finished = false;
    take(step(state, { type: 'assign', now: 0 }), 0);
    for (let now = 0; !finished && now < 60_000; now += 1) {
      for (const name of ['fast', 'slow']) {
        const queue = queues[name] ?? [];
        while (queue[0] !== undefined && queue[0].at <= now) {
          const answered = queue.shift() as { request: Ask; at: number };
          const { source, request, items } = answered.request;
          const outcomes = items.map((): Outcome => 'good');
          const effects = step(state, { type: 'answered', source, request, outcomes, now });
          got[name] = (got[name] ?? 0) + items.length;
          finished ||= effects.some((effect) => effect.type === 'finished');
          take(step(state, { type: 'assign', now }), now);
        }
      }
    }
    expect(finished).toBe(true);
    expect(got.fast).toBeGreaterThan(6 * (got.slow ?? 0));
  });

  it('TR-4: overtakes a source that stands still, and takes its late answer once', () => {
    const state = createTransferState();
    step(state, large(1, 4, ['a', 'b']));
    const [first] = asks(step(state, { type: 'assign', now: 0 }));
    expect(asks(step(state, { type: 'assign', now: 100 })).length).toBe(0);
    const again = asks(step(state, { type: 'assign', now: 1_000 }));
    expect(again.length).toBe(1);
    expect(again[0]?.source).not.toBe(first?.source);
    expect(again[0]?.items).toEqual(first?.items);
    const good = first?.items.map((): Outcome => 'good') ?? [];
    const answer = (request: Ask | undefined) =>
      step(state, {
        type: 'answered',
        source: request?.source as DeviceId,
        request: request?.request ?? 0,
        outcomes: good,
        now: 1_100,
      });
    expect(answer(again[0])).toEqual([{ type: 'finished', task: 1 }]);
    expect(answer(first)).toEqual([]);
  });

  it('TR-5: asks others for what a lost source was asked for, and says when none is left', () => {
    const state = createTransferState();
    step(state, large(1, 4, ['a', 'b']));
    const [first] = asks(step(state, { type: 'assign', now: 0 }));
    step(state, { type: 'sourceDown', source: first?.source as DeviceId });
    const [second] = asks(step(state, { type: 'assign', now: 1 }));
    expect(second?.items).toEqual(first?.items);
    expect(step(state, { type: 'sourceDown', source: second?.source as DeviceId })).toEqual([
      { type: 'exhausted', task: 1 },
    ]);
    step(state, { type: 'sourceOffered', task: 1, source: device('c') });
    expect(asks(step(state, { type: 'assign', now: 2 }))[0]?.source).toBe('c');
  });

  it('TR-6: never asks again a source that lacks the content, and bans one that sends corrupt bytes', () => {
    const state = createTransferState();
    const effects: TransferEffect[] = [];
    for (let task = 1; task <= 3; task += 1) {
      step(state, large(task, 1, ['liar']));
      const [request] = asks(step(state, { type: 'assign', now: task }));
      effects.push(
        ...step(state, {
          type: 'answered',
          source: device('liar'),
          request: request?.request ?? 0,
          outcomes: ['corrupt'],
          now: task,
        }),
      );
      expect(asks(step(state, { type: 'assign', now: task }))).toEqual([]);
    }
    expect(effects.filter((effect) => effect.type === 'exhausted').length).toBe(3);
    expect(effects).toContainEqual({ type: 'banned', source: 'liar' });
    step(state, large(9, 1, ['liar']));
    expect(asks(step(state, { type: 'assign', now: 9 }))).toEqual([]);
  });

  it('TR-7: gives up on a source that keeps a link and answers nothing', () => {
    const state = createTransferState();
    step(state, large(1, 1, ['mute']));
    step(state, { type: 'assign', now: 0 });
    expect(step(state, { type: 'assign', now: 29_000 })).toEqual([]);
    expect(step(state, { type: 'assign', now: 31_000 })).toEqual([{ type: 'exhausted', task: 1 }]);
  });
});

/** One step of a random history of sources that answer, lie, refuse, come and go. */
const action = fc.record({
  kind: fc.constantFrom('answer', 'answer', 'answer', 'refuse', 'down', 'add', 'offer', 'assign', 'assign', 'wait'),
  pick: fc.nat(),
  size: fc.integer({ min: 1, max: 1024 * KIB }),
  outcome: fc.constantFrom<Outcome>('good', 'good', 'good', 'good', 'missing', 'corrupt', 'noRoom'),
});

it('TR-8: in any history windows hold, batches are bounded, pieces end once, and honest sources finish all', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
      const state = createTransferState();
      const names = ['a', 'b', 'c'].map(device);
      const open: Ask[] = [];
      const tasks = new Map<number, { sizes: number[]; finished: number }>();
      let now = 0;
      let nextTask = 1;
      const apply = (effects: readonly TransferEffect[]): void => {
        for (const effect of effects) {
          if (effect.type === 'finished') {
            const task = tasks.get(effect.task) as { finished: number };
            task.finished += 1;
            expect(task.finished).toBe(1);
          }
          if (effect.type !== 'request') continue;
          open.push(effect);
          const sizes = effect.items.map((item) => tasks.get(item.task)?.sizes[item.piece] as number);
          const bytes = sizes.reduce((sum, size) => sum + size, 0);
          expect(effect.items.length === 1 || bytes <= CONTENT_FRAME_BYTES).toBe(true);
          expect(effect.kind === 'large' || effect.items.length <= MAX_BATCH_CONTENTS).toBe(true);
          if (effect.kind === 'large') expect(new Set(effect.items.map((item) => item.task)).size).toBe(1);
        }
        for (const source of state.sources.values()) {
          const bytes = [...source.requests.values()].reduce((sum, request) => sum + request.bytes, 0);
          expect(source.inFlight).toBe(bytes);
          expect(source.inFlight <= MAX_SOURCE_WINDOW_BYTES || source.requests.size === 1).toBe(true);
        }
      };
      const drop = (name: DeviceId): void => {
        for (let at = open.length - 1; at >= 0; at -= 1) if (open[at]?.source === name) open.splice(at, 1);
        apply(step(state, { type: 'sourceDown', source: name }));
      };
      const answer = (at: number, outcome: (item: Item) => Outcome): void => {
        const [request] = open.splice(at, 1);
        if (request === undefined) return;
        const outcomes = request.items.map(outcome);
        apply(step(state, { type: 'answered', source: request.source, request: request.request, outcomes, now }));
      };
      const add = (kind: 'small' | 'large', count: number, size: number): void => {
        const pieces = Array.from({ length: count }, () => size);
        tasks.set(nextTask, { sizes: pieces, finished: 0 });
        apply(step(state, { type: 'taskAdded', task: nextTask, folder, kind, pieces, sources: names }));
        nextTask += 1;
      };
      for (const { kind, pick, size, outcome } of actions) {
        now += pick % 700;
        if (kind === 'answer') answer(pick % (open.length + 1), () => outcome);
        if (kind === 'refuse') {
          const [request] = open.splice(pick % (open.length + 1), 1);
          if (request !== undefined) {
            apply(step(state, { type: 'refused', source: request.source, request: request.request, now }));
          }
        }
        if (kind === 'down') drop(names[pick % 3] as DeviceId);
        if (kind === 'add') pick % 2 === 0 ? add('small', 1, size % (256 * KIB)) : add('large', (pick % 20) + 1, size);
        if (kind === 'offer' && tasks.size > 0) {
          const task = 1 + (pick % tasks.size);
          apply(step(state, { type: 'sourceOffered', task, source: names[pick % 3] as DeviceId }));
        }
        if (kind === 'assign') apply(step(state, { type: 'assign', now }));
        if (kind === 'wait') now += 6_000;
      }
      for (const name of names) drop(name);
      for (const task of tasks.keys()) step(state, { type: 'sourceOffered', task, source: device('honest') });
      for (let round = 0; round < 10_000; round += 1) {
        now += 1;
        apply(step(state, { type: 'assign', now }));
        if (open.length === 0) break;
        answer(0, () => 'good');
      }
      for (const task of tasks.values()) expect(task.finished).toBe(1);
    }),
    { numRuns: 300 },
  );
});
