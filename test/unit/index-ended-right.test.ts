import { describe, expect, it } from 'vitest';
import { readChange } from '../../electron/engine/index/change-reader.ts';
import type { IncomingChange } from '../../electron/engine/index/merge.ts';
import type { OpenFolder } from '../../electron/engine/index/open-folder.ts';
import { file, forger, forkingForger, honest, honestFiles, hostile, merged } from '../support/index-forger.ts';
import { createReader, latestOf } from '../support/index-histories.ts';
import { at, FOLDER, livePaths, testGroup, treeOf, withAccess } from '../support/index-world.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

/** Overwrites and removes every file there, as a new actor that knows them all, under any counter. */
function overwriteAll(reader: OpenFolder, counter: number, known: readonly IncomingChange[]): IncomingChange {
  const { shard } = known[0] as IncomingChange;
  const attack = forger(
    hostile,
    shard,
    counter,
    known.map(({ signed }) => signed.change),
  );
  for (const [path, { value }] of reader.index.remoteBelow('')) {
    const content = value.kind === 'file' ? value.content : null;
    attack.put(path, path < 'b' ? file(77) : { kind: 'gone', content, movedTo: null });
  }
  attack.put(`by ${counter}`, file(78));
  return attack.sign(reader);
}

describe('a liar whose right to write has ended', () => {
  const counters = [1, 3, 4, 5, 1_000, 2 ** 40 - 1, 2 ** 40];

  /** Honest files, and changes of the later liar up to that counter; the end names what the reader has. */
  function withEnd(last: number) {
    let group = testGroup(2);
    const reader = createReader(() => group);
    const known = [honestFiles(reader, 1, ['a', 'b', 'c'])];
    merged(reader, ...known);
    for (const counter of [1, 2, last]) {
      const author = forger(
        hostile,
        known[0]?.shard,
        counter,
        known.map(({ signed }) => signed.change),
      );
      author.put(`of ${counter}`, file(counter));
      if (counter === last) author.put('c', file(50));
      known.push(author.sign(reader));
      merged(reader, ...known);
    }
    const latest = latestOf(reader, hostile.tag);
    const end = (): void => {
      group = withAccess(group, hostile.device, 'readOnly', last, FOLDER, latest);
      reader.groupChanged();
    };
    return { reader, known, end, latest, state: () => group };
  }

  it('IX7 overwrites nothing with counters that it used, never used, or jumped over', () => {
    for (const last of [5, 2 ** 40]) {
      const { reader, known, end } = withEnd(last);
      const tree = treeOf(reader.index);
      end();
      expect(treeOf(reader.index)).toEqual(tree);
      for (const counter of counters) {
        const attack = overwriteAll(reader, counter, known);
        expect(merged(reader, attack).refused.size).toBe(0);
        known.push(attack);
        expect(treeOf(reader.index, false), `${last}, then ${counter}`).toEqual(tree);
      }
      // What an honest device builds on top of that counts, and restores nothing of it.
      const over = forger(
        honest,
        known[0]?.shard,
        2,
        known.map(({ signed }) => signed.change),
      );
      over.put('a', file(9));
      merged(reader, over.sign(reader));
      expect(reader.index.remote(at('a'))?.value).toEqual(file(9));
      expect(reader.index.remote(at('b'))?.value).toEqual(file(2));
    }
  });

  it('IX7 IX11 comes to nothing whatever comes first: the end, what it names, or the attack', () => {
    const { reader, known, end, state } = withEnd(2 ** 40);
    const attacks = counters.map((counter) => overwriteAll(reader, counter, known));
    end();
    const tree = treeOf(reader.index);
    const random = createSeededRandom(11);
    for (let round = 0; round < 20; round += 1) {
      let group = testGroup(2);
      const other = createReader(() => group, round);
      const rest = [...known, ...attacks];
      let ended = false;
      while (rest.length > 0) {
        const [one] = rest.splice(random.integer(rest.length), 1) as [IncomingChange];
        if (merged(other, one).incomplete.size > 0) rest.push(one);
        if (ended || random.chance(0.8)) continue;
        ended = true;
        group = state();
        other.groupChanged();
      }
      group = state();
      other.groupChanged();
      expect(treeOf(other.index, false), `round ${round}`).toEqual(tree);
    }
  });

  it('IX7 gains nothing from a change that is named and missing, and what was there before stands meanwhile', () => {
    const { reader: whole, known, latest, state, end } = withEnd(2 ** 40);
    end();
    let group = testGroup(2);
    const reader = createReader(() => group);
    const early = known.slice(0, 3);
    merged(reader, ...early);
    const tree = treeOf(reader.index);
    expect(livePaths(reader.index)).toEqual(['a', 'b', 'c', 'of 1', 'of 2']);
    group = state();
    reader.groupChanged();
    expect(treeOf(reader.index)).toEqual(tree);
    const attacks = counters.map((counter) => overwriteAll(whole, counter, early));
    for (const attack of attacks) {
      merged(reader, attack);
      expect(treeOf(reader.index, false)).toEqual(tree);
    }
    const named = known[3] as IncomingChange;
    expect([...latest.values()].flat()).toEqual([readChange(named.signed.change)?.hash]);
    merged(reader, named);
    expect(treeOf(reader.index, false)).toEqual(treeOf(whole.index));
    expect(reader.index.remote(at('c'))?.value).toEqual(file(50));
  });

  it('IX7 is known, by a device that receives the folder later, as far as it comes with it', () => {
    const { reader: whole, known, state, end } = withEnd(2 ** 40);
    end();
    const newcomer = createReader(state());
    const early = known.slice(0, 3);
    merged(newcomer, ...early);
    expect(livePaths(newcomer.index)).toEqual(['a', 'b', 'c']);
    const heard: string[] = [];
    newcomer.index.subscribe((changed) => heard.push(...changed));
    newcomer.markReady();
    expect(heard.sort()).toEqual(['of 1', 'of 2']);
    const tree = treeOf(newcomer.index);
    expect(livePaths(newcomer.index)).toEqual(['a', 'b', 'c', 'of 1', 'of 2']);
    merged(newcomer, overwriteAll(whole, 3, early));
    expect(treeOf(newcomer.index, false)).toEqual(tree);
    merged(newcomer, known[3] as IncomingChange);
    expect(treeOf(newcomer.index, false)).toEqual(treeOf(whole.index));
  });

  it('IX7 IX19 forks itself so that a named change can never come, and overwrites nothing either', () => {
    const { reader: whole, known, state, end } = withEnd(2 ** 40);
    end();
    let group = testGroup(2);
    const reader = createReader(() => group);
    const early = known.slice(0, 3);
    merged(reader, ...early);
    // The actor of the change that will be named writes another first change to this reader alone.
    const fork = forkingForger(
      hostile,
      early[0]?.shard,
      2 ** 40,
      early.map(({ signed }) => signed.change),
    );
    fork.put('fork', file(60));
    const forked = fork.sign(whole);
    expect(merged(reader, forked).grown.size).toBe(1);
    const tree = treeOf(reader.index);
    group = state();
    reader.groupChanged();
    expect(merged(reader, known[3] as IncomingChange).refused.size).toBe(1);
    for (const counter of counters) {
      merged(reader, overwriteAll(whole, counter, [...early, forked]));
      expect(treeOf(reader.index, false)).toEqual(tree);
    }
  });

  it('IX7 writes nothing where its end names nothing of it', () => {
    const group = withAccess(testGroup(2), hostile.device, 'readOnly', 2 ** 40, FOLDER, new Map());
    const reader = createReader(group);
    const first = honestFiles(reader, 1, ['a', 'b']);
    merged(reader, first);
    const tree = treeOf(reader.index);
    merged(reader, overwriteAll(reader, 1, [first]));
    expect(treeOf(reader.index, false)).toEqual(tree);
  });

  it('IX3 cannot count beyond what any device counts to', () => {
    const reader = createReader(testGroup(2));
    expect(merged(reader, honestFiles(reader, 2 ** 48 + 1, ['a'], hostile)).forged).toBe(1);
    expect(merged(reader, honestFiles(reader, 2 ** 48, ['a'], hostile)).forged).toBe(0);
  });
});
