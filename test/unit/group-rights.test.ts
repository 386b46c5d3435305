import { describe, expect, it } from 'vitest';
import type { Access } from '../../electron/engine/group/body.ts';
import type { LatestChanges } from '../../electron/engine/group/latest-changes.ts';
import { isWithin, writeIntervals } from '../../electron/engine/group/rights.ts';
import { canWriteNow } from '../../electron/engine/group/select.ts';
import { createGroupLog, folderNamed } from '../support/group-log.ts';
import { deviceNamed } from '../support/named-device.ts';

const ann = deviceNamed('ann');
const bob = deviceNamed('bob');
const photos = folderNamed('photos');
const named = (digit: string): string => digit.repeat(64);

function shared(access: Access) {
  const log = createGroupLog(ann);
  log.join(ann, bob);
  log.ask(ann, { kind: 'folder.create', folder: photos, name: 'Photos', access, indexBits: 6 });
  const set = (to: Access, closing: number | null = null, latest: LatestChanges | null = null): number => {
    const names = latest === null ? {} : { latest };
    const body = { kind: 'folder.setAccess', folder: photos, device: bob.id, access: to, closing, ...names } as const;
    expect(log.ask(ann, body)).toMatchObject({ type: 'accepted' });
    return log.state().applied.index;
  };
  const intervals = () => writeIntervals(log.state().folders.get(photos)!, log.state().devices.get(bob.id)!);
  const wrote = (counter: number, seen: number, change = '') =>
    isWithin(intervals(), { counter, seen }, ({ latest }) => latest.get(0)?.includes(change) === true);
  return { log, set, intervals, wrote };
}

describe('MD8 the right to write, by log index and counter', () => {
  it('MD8 holds from the beginning when it is the first', () => {
    const { set, intervals, wrote } = shared('readOnly');
    expect(intervals()).toEqual([]);
    expect(wrote(1, 100)).toBe(false);
    set('readWrite');
    expect(intervals()).toEqual([{ from: 0, end: null }]);
    expect(wrote(1, 0)).toBe(true);
  });

  it('MD8 ends at the closing number, whatever an entry claims to have seen', () => {
    const { log, set, wrote } = shared('readWrite');
    const at = set('readOnly', 10);
    expect(wrote(10, at + 5)).toBe(true);
    expect(wrote(11, 0)).toBe(false);
    expect(canWriteNow(log.state(), photos, bob.id)).toBe(false);
  });

  it('MD8 ends for what had seen the revocation where no number was named', () => {
    const { set, wrote } = shared('readWrite');
    const at = set('none');
    expect(wrote(1_000, at - 1)).toBe(true);
    expect(wrote(1_000, at)).toBe(false);
  });

  it('MD8 holds from its log index when it is given again', () => {
    const { set, intervals, wrote } = shared('readWrite');
    const off = set('none', 10);
    const on = set('readWrite');
    expect(intervals()).toEqual([
      { from: 0, end: { at: off, closing: 10, latest: null } },
      { from: on, end: null },
    ]);
    expect(wrote(11, on - 1)).toBe(false);
    expect(wrote(11, on)).toBe(true);
    expect(wrote(10, 0)).toBe(true);
  });

  it('MD8 lets the owner raise a closing number, and nobody lower it', () => {
    const { log, set, wrote } = shared('readWrite');
    set('none', 10);
    set('none', 20);
    expect(wrote(20, 0)).toBe(true);
    set('none', 5);
    expect(wrote(20, 0)).toBe(true);
    log.ask(ann, { kind: 'device.remove', device: bob.id, closing: 30 });
    expect(wrote(21, 0)).toBe(false);
    set('none', 40);
    expect(wrote(40, 0)).toBe(true);
  });

  it('MD8 ends with the changes that its end names, whatever an entry claims of itself', () => {
    const { set, wrote } = shared('readWrite');
    const at = set('readOnly', 10, new Map([[0, ['a', 'b'].map(named)]]));
    expect(wrote(10, 0, named('c'))).toBe(false);
    expect(wrote(1_000, at + 5, named('a'))).toBe(true);
    expect(wrote(1, 0, named('b'))).toBe(true);
  });

  it('MD8 lets the owner name changes later, and more of them; a removal changes nothing of that', () => {
    const { log, set, intervals, wrote } = shared('readWrite');
    const off = set('readOnly', 10);
    expect(wrote(10, 0, named('c'))).toBe(true);
    set('readOnly', null, new Map([[0, [named('a')]]]));
    expect(wrote(10, 0, named('c'))).toBe(false);
    log.ask(ann, {
      kind: 'device.remove',
      device: bob.id,
      closing: 30,
      latest: new Map([[photos, new Map([[0, [named('c')]]])]]),
    });
    expect(wrote(10, 0, named('c'))).toBe(false);
    set(
      'none',
      null,
      new Map([
        [0, [named('b')]],
        [1, [named('d')]],
      ]),
    );
    const latest = new Map([
      [0, [named('a'), named('b')]],
      [1, [named('d')]],
    ]);
    expect(intervals()).toEqual([{ from: 0, end: { at: off, closing: 10, latest } }]);
  });

  it('MD8 ends in the folders that a removal names with the changes named, in others with the number', () => {
    const { log, intervals } = shared('readWrite');
    const latest = new Map([[photos, new Map([[3, [named('a')]]])]]);
    log.ask(ann, { kind: 'device.remove', device: bob.id, closing: 3, latest });
    const off = log.state().applied.index;
    expect(intervals()).toEqual([{ from: 0, end: { at: off, closing: 3, latest: latest.get(photos) } }]);
    const other = shared('readWrite');
    other.log.ask(ann, { kind: 'device.remove', device: bob.id, closing: 3, latest: new Map() });
    expect(other.intervals()[0]?.end).toMatchObject({ closing: 3, latest: null });
  });

  it('MD8 gives back what it was to a device that went, also where its end was told more exactly since', () => {
    const { log, set } = shared('readOnly');
    set('readWrite');
    log.ask(ann, { kind: 'device.remove', device: bob.id, closing: 3 });
    set('none', null, new Map());
    log.join(ann, bob);
    expect(canWriteNow(log.state(), photos, bob.id)).toBe(true);
  });

  it('MD8 names changes only where a right is taken', () => {
    const { log } = shared('readOnly');
    const body = { kind: 'folder.setAccess', folder: photos, device: bob.id, access: 'readWrite' } as const;
    const refused = log.ask(ann, { ...body, closing: null, latest: new Map() });
    expect(refused).toMatchObject({ type: 'refused', code: 'operation-malformed' });
  });

  it('MD8 ends and begins anew with the membership', () => {
    const { log, intervals, wrote } = shared('readWrite');
    log.ask(ann, { kind: 'device.remove', device: bob.id, closing: 3 });
    const off = log.state().applied.index;
    expect(wrote(4, 0)).toBe(false);
    log.join(ann, bob);
    const on = log.state().applied.index;
    expect(intervals()).toEqual([
      { from: 0, end: { at: off, closing: 3, latest: null } },
      { from: on, end: null },
    ]);
  });

  it('MD8 does not count a membership that ended before the folder was shared', () => {
    const log = createGroupLog(ann);
    log.join(ann, bob);
    log.ask(ann, { kind: 'device.remove', device: bob.id, closing: 3 });
    log.ask(ann, { kind: 'folder.create', folder: photos, name: 'P', access: 'readWrite', indexBits: 6 });
    expect(writeIntervals(log.state().folders.get(photos)!, log.state().devices.get(bob.id)!)).toEqual([]);
  });
});
