import { describe, expect, it } from 'vitest';
import { conflictAuthor, isCopyName } from '../../electron/engine/reconcile/conflict-name.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import type { DeviceId } from '../../shared/ids.ts';
import type { AppState } from '../../shared/model/app-state.ts';
import { needsSomeone } from '../../shared/model/notes.ts';
import { nameOf, type RelativePath } from '../../shared/relative-path.ts';
import { STATES } from '../support/scripted/states.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** What the pictures show has to be something that an engine can say. */
describe.each(Object.entries(STATES).map(([name, make]) => [name, make()] as const))(
  'the scripted state %s',
  (_name, state: AppState) => {
    const others = state.devices.filter(({ self }) => !self);
    const self = state.devices.find((device) => device.self);

    it('has only failovers that a crash made, with terms that add up', () => {
      for (const one of state.master.failovers) {
        expect(one.cause).toBe('crash');
        expect(one.totalMs).toBe(one.detectMs + one.electMs + one.respondMs);
        expect(one.withinBudget).toBe(one.totalMs <= state.master.budgetMs);
      }
    });

    it('lets flow through this computer what flows to and from the others, for folders that are held', () => {
      for (const way of ['downBps', 'upBps'] as const) {
        const all = sum(others.map(({ rates }) => rates[way]));
        expect(state.rates[way]).toBe(all);
        expect(self?.rates[way] ?? 0).toBe(all);
        expect(sum(state.folders.map(({ rates }) => rates[way]))).toBe(all);
      }
    });

    it('lets each device lack what it lacks of its folders', () => {
      for (const device of state.devices) {
        const held = state.folders.flatMap(({ holders }) => holders.filter((one) => one.device === device.id));
        expect([device.name, sum(held.map((one) => one.needFiles))]).toEqual([device.name, device.needFiles]);
        expect([device.name, sum(held.map((one) => one.needBytes))]).toEqual([device.name, device.needBytes]);
      }
    });

    it('counts the problems of a folder by what they are', () => {
      for (const { name, problems, ...folder } of state.folders) {
        const ofCode = (wanted: (code: ErrorCode) => boolean) => problems.filter(({ code }) => wanted(code)).length;
        const counts = [folder.problemCount, folder.needCount, folder.localChanges];
        const told = [problems.length, ofCode(needsSomeone), ofCode((code) => code === 'no-right-to-write')];
        expect([name, counts]).toEqual([name, told]);
        if (folder.localChanges > 0) expect([name, folder.access]).toEqual([name, 'readOnly']);
      }
    });

    it('has no problem with names that only other kinds of computers have', () => {
      expect(state.self.platform).toBe('linux');
      const others: ReadonlySet<ErrorCode> = new Set(['name-not-representable', 'name-reserved']);
      expect(state.folders.flatMap(({ problems }) => problems).filter(({ code }) => others.has(code))).toEqual([]);
    });

    it('calls copies of a file as the engine does', () => {
      const copies = state.conflicts.flatMap(({ path, versions }) => versions.filter((one) => one.path !== path));
      for (const copy of copies) {
        const by = state.devices.find(({ id }) => id === copy.device);
        expect(isCopyName(nameOf(copy.path as RelativePath))).toBe(true);
        expect(copy.path).toContain(` (conflict ${conflictAuthor(by?.name ?? '', copy.device as DeviceId)} `);
      }
    });

    it('gives each device the votes of the electorate, and one master', () => {
      for (const { id, weight, name } of state.devices)
        expect([name, state.master.electorate[id] ?? 0]).toEqual([name, weight]);
      const masters = state.devices.filter(({ master }) => master).map(({ id }) => id);
      expect(masters).toEqual(state.master.master === null ? [] : [state.master.master]);
    });
  },
);
