import { describe, expect, it } from 'vitest';
import {
  conflictAuthor,
  copyName,
  familyOf,
  isCopyNameOf,
  originalName,
} from '../../electron/engine/reconcile/conflict-name.ts';
import { type SetValue, standingValues } from '../../electron/engine/reconcile/entry-set.ts';
import { remoteTree } from '../../electron/engine/reconcile/remote-tree.ts';
import type { EntryVersion, Gone, Node, RemoteNode } from '../../electron/engine/reconcile/tree-types.ts';
import type { ContentHash, DeviceId, DeviceTag } from '../../shared/ids.ts';
import { isSegment, type RelativePath } from '../../shared/relative-path.ts';
import { at, contentOf } from '../support/index-world.ts';

const names: Record<string, string> = { a: 'anna', b: 'ben', c: 'cleo' };
const tag = (who: string): DeviceTag => who.repeat(32) as DeviceTag;
const authorName = (author: DeviceTag): string => names[author[0] as string] as string;
const version = (who: string, counter = 1): EntryVersion => ({ author: tag(who), counter });

function value(what: Node | Gone, by: EntryVersion, conflictOf: EntryVersion | null = null): SetValue {
  const entry = { value: what, version: by, seen: { generation: 1, index: 1 }, conflictOf };
  const hash = `${by.author.slice(0, 1)}${by.counter}`;
  return { entry, version: by, hash };
}

const file = (content: number, mtime = content): Node => ({
  kind: 'file',
  content: contentOf(content),
  size: 1,
  mtime,
  mode: null,
});
const directory: Node = { kind: 'directory', mode: 0o755 };
const gone = (content: number | null): Gone => ({
  kind: 'gone',
  content: content === null ? null : contentOf(content),
  movedTo: null,
});

function tree(sets: Record<string, readonly SetValue[]>): Record<string, string> {
  const nodes = remoteTree(new Map(Object.entries(sets)) as Map<RelativePath, readonly SetValue[]>, { authorName });
  return Object.fromEntries([...nodes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, node]) => [path, show(node)]));
}

function show({ value: what, version: by, copyOf, frozen }: RemoteNode): string {
  if (frozen) return 'frozen';
  const content = what.kind === 'file' ? ` ${what.content.slice(0, 2)}` : '';
  const copy = copyOf === null ? '' : ` copy of ${copyOf.path} ${copyOf.version.author[0]}${copyOf.version.counter}`;
  return `${what.kind}${content} ${by.author[0]}${by.counter}${copy}`;
}

describe('the set of a path', () => {
  it('IX8 loses to a removal only the content that it names', () => {
    expect(tree({ x: [value(file(1), version('a')), value(gone(1), version('b'))] })).toEqual({ x: 'gone b1' });
    expect(tree({ x: [value(file(2), version('a')), value(gone(1), version('b'))] })).toEqual({ x: 'file 02 a1' });
    expect(tree({ x: [value(directory, version('a')), value(gone(null), version('b'))] })).toEqual({ x: 'gone b1' });
    expect(tree({ x: [value(directory, version('a')), value(gone(1), version('b'))] })).toEqual({ x: 'directory a1' });
  });

  it('IX8 counts equal kind and content as one', () => {
    expect(tree({ x: [value(file(1, 5), version('a')), value(file(1, 9), version('b'))] })).toEqual({
      x: 'file 01 b1',
    });
  });

  it('IX8 is won by the later mtime, then by the higher hash; an empty directory comes last', () => {
    expect(tree({ 'x.txt': [value(file(1, 5), version('a')), value(file(2, 5), version('b'))] })).toEqual({
      'x (conflict anna 01010101).txt': 'file 01 a1 copy of x.txt a1',
      'x.txt': 'file 02 b1',
    });
    expect(tree({ x: [value(directory, version('b')), value(file(1), version('a'))] })).toEqual({ x: 'file 01 a1' });
    const link: Node = { kind: 'symlink', target: 't' };
    expect(tree({ x: [value(link, version('b')), value(file(1, -5), version('a'))] }).x).toBe('file 01 a1');
  });

  it('IX1 freezes the path when an entry cannot be read', () => {
    const unread: SetValue = { entry: null, version: version('b'), hash: 'z' };
    expect(tree({ x: [value(file(1), version('a')), unread] })).toEqual({ x: 'frozen' });
    expect(tree({ 'd/x': [unread] })).toEqual({ d: 'directory 00', 'd/x': 'frozen' });
  });

  it('IX7 holds void values for never written, and does not bring back what another replaced knowingly', () => {
    // a1 was replaced by b1 (void) and, apart from that, by c1; b2 (void) was written over b1.
    const before: Record<string, string[]> = { b1: ['a1'], b2: ['b1'], c1: ['a1'], a1: [] };
    const history = (current: string[]) => ({
      current,
      isVoid: (id: string) => id.startsWith('b'),
      before: (id: string) => before[id] ?? [],
      follows: (later: string, earlier: string) =>
        earlier === 'a1' ? later !== 'a1' : later === 'b2' && earlier === 'b1',
      id: (id: string) => id,
    });
    expect(standingValues(history(['b1']))).toEqual({ values: ['a1'], voided: ['b1'] });
    expect(standingValues(history(['b2']))).toEqual({ values: ['a1'], voided: ['b2', 'b1'] });
    expect(standingValues(history(['b2', 'c1']))).toEqual({ values: ['c1'], voided: ['b2', 'b1'] });
    expect(standingValues(history(['c1']))).toEqual({ values: ['c1'], voided: [] });
  });
});

const copyA = 'x (conflict anna 01010101).txt';

describe('IX9 conflict copies', () => {
  const pair = [value(file(1), version('a')), value(file(2), version('b'))];

  it('are replaced by the entry that stands for the loser, and by no other', () => {
    const edited = value(file(3), version('c'), version('a'));
    expect(tree({ 'x.txt': pair, [copyA]: [edited] })).toEqual({
      [copyA]: 'file 03 c1 copy of x.txt a1',
      'x.txt': 'file 02 b1',
    });
    const removed = value(gone(1), version('c'), version('a'));
    expect(tree({ 'x.txt': pair, [copyA]: [removed] })).toEqual({ [copyA]: 'gone c1', 'x.txt': 'file 02 b1' });
    const removedOther = value(gone(1), version('c'), version('a', 7));
    expect(tree({ 'x.txt': pair, [copyA]: [removedOther] })[copyA]).toBe('file 01 a1 copy of x.txt a1');
  });

  it('form one set with anything else at their name; the loser of that gets a longer one', () => {
    const foreign = value(file(9), version('c'));
    expect(tree({ 'x.txt': pair, [copyA]: [foreign] })).toEqual({
      'x (conflict anna 0101010101010101).txt': 'file 01 a1 copy of x.txt a1',
      [copyA]: 'file 09 c1',
      'x.txt': 'file 02 b1',
    });
    const older = value(file(9, 0), version('c'));
    expect(tree({ 'x.txt': pair, [copyA]: [older] })).toEqual({
      [copyA]: 'file 01 a1 copy of x.txt a1',
      'x (conflict cleo 09090909).txt': `file 09 c1 copy of ${copyA} c1`,
      'x.txt': 'file 02 b1',
    });
  });

  it('are taken away by a removal that stands for them, and by none that was there before they lost', () => {
    // The copy was moved over its original, and lost once more to what was written elsewhere.
    const removed = value(gone(1), version('a', 2));
    const again = [value(file(1), version('a', 2)), value(file(2), version('b', 2))];
    expect(tree({ 'x.txt': again, [copyA]: [removed] })).toEqual({
      [copyA]: 'file 01 a2 copy of x.txt a2',
      'x.txt': 'file 02 b2',
    });
    const standsForIt = value(gone(1), version('c'), version('a', 2));
    expect(tree({ 'x.txt': again, [copyA]: [removed, standsForIt] })[copyA]).toMatch(/^gone/);
  });

  it('count as one with equal content at their name, which then stands for them', () => {
    const own = value(file(1, 5), version('a', 2));
    expect(tree({ 'x.txt': pair, [copyA]: [own] })).toEqual({
      [copyA]: 'file 01 a2 copy of x.txt a1',
      'x.txt': 'file 02 b1',
    });
    const removed = value(gone(1), version('a', 3), version('a'));
    expect(tree({ 'x.txt': pair, [copyA]: [removed] })).toEqual({ [copyA]: 'gone a3', 'x.txt': 'file 02 b1' });
  });

  it('of a copy are named after the original', () => {
    const edits = [value(file(4), version('b', 2), version('a')), value(file(3), version('c'), version('a'))];
    expect(tree({ 'x.txt': pair, [copyA]: edits })).toEqual({
      'x (conflict cleo 03030303).txt': `file 03 c1 copy of ${copyA} c1`,
      [copyA]: 'file 04 b2 copy of x.txt a1',
      'x.txt': 'file 02 b1',
    });
  });

  it('are not made of what is gone or an empty directory', () => {
    expect(
      tree({ x: [value(file(1), version('a')), value(gone(7), version('b')), value(directory, version('c'))] }),
    ).toEqual({ x: 'file 01 a1' });
  });
});

describe('IX10 a path with a live child', () => {
  it('is a directory, and a file of its name becomes a conflict copy', () => {
    expect(tree({ 'd.x': [value(file(1), version('a'))], 'd.x/f': [value(file(2), version('b'))] })).toEqual({
      'd (conflict anna 01010101).x': 'file 01 a1 copy of d.x a1',
      'd.x': 'directory 00',
      'd.x/f': 'file 02 b1',
    });
  });

  it('is revived with all its parents, with the mode that it had', () => {
    const removed = [value(directory, version('a')), value(gone(null), version('b'))];
    expect(
      tree({ d: removed, 'd/e': [value(gone(null), version('b'))], 'd/e/f': [value(file(2), version('b'))] }),
    ).toEqual({
      d: 'directory a1',
      'd/e': 'directory 00',
      'd/e/f': 'file 02 b1',
    });
    expect(tree({ d: removed, 'd/f': [value(gone(1), version('b'))] }).d).toBe('gone b1');
  });
});

describe('IX9 names of conflict copies', () => {
  const content = 'ab'.repeat(32) as ContentHash;

  it('put the words before the extension', () => {
    expect(copyName('a.txt', 'ben', content, 0)).toBe('a (conflict ben abababab).txt');
    expect(copyName('a.tar.gz', 'ben', content, 0)).toBe('a.tar (conflict ben abababab).gz');
    expect(copyName('.bashrc', 'ben', content, 0)).toBe('.bashrc (conflict ben abababab)');
    expect(copyName('README', 'ben', content, 0)).toBe('README (conflict ben abababab)');
    expect(copyName('a (conflict anna 01010101).txt', 'ben', content, 0)).toBe('a (conflict ben abababab).txt');
  });

  it('are lengthened and at last numbered', () => {
    const attempts = [0, 1, 2, 3, 4, 5].map((attempt) => copyName('a', 'ben', content, attempt));
    expect(new Set(attempts).size).toBe(6);
    expect(attempts[3]).toBe(`a (conflict ben ${content})`);
    expect(attempts[4]).toBe(`a (conflict ben ${content}-2)`);
    for (const name of attempts) expect(originalName(name)).toBe('a');
  });

  it('have at most 255 bytes, cut between characters, and stay with their original', () => {
    for (const stem of [
      'x'.repeat(300),
      'ä'.repeat(130),
      '😀'.repeat(63),
      `.${'y'.repeat(250)}`,
      `a.${'z'.repeat(200)}`,
    ]) {
      for (const extension of ['', '.txt', '.😀']) {
        const name = cut(stem, 255 - Buffer.byteLength(extension)) + extension;
        for (const attempt of [0, 3, 4]) {
          const copy = copyName(name, 'a-name-of-20-letters', content, attempt);
          expect(isSegment(copy), copy).toBe(true);
          expect(copy).toBe(copy.normalize('NFC'));
          expect(familyOf(copy)).toBe(familyOf(name));
          expect(copyName(copy, 'a-name-of-20-letters', content, attempt)).toBe(copy);
        }
        expect(isCopyNameOf(copyName(name, 'ben', content, 1), name, 'ben', content)).toBe(true);
      }
    }
  });

  it('name their author by what can stand in any name', () => {
    const device = '0123456789'.padEnd(64, 'f') as DeviceId;
    expect(conflictAuthor("Anna's MacBook Pro (2031 edition)", device)).toBe('AnnasMacBookPro2031e');
    expect(conflictAuthor('电脑', device)).toBe('012345');
  });
});

function cut(text: string, bytes: number): string {
  let result = '';
  for (const character of text) {
    if (Buffer.byteLength(result + character) > bytes) break;
    result += character;
  }
  return result;
}

describe('an untouched tree', () => {
  it('is what was written', () => {
    expect(tree({ [at('a')]: [value(file(1), version('a'))] })).toEqual({ a: 'file 01 a1' });
  });
});
