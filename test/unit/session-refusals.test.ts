import { beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../electron/engine/ports/store.ts';
import { Refusals } from '../../electron/engine/session/refusals.ts';
import { problemsView } from '../../renderer/features/activity/problems-view.ts';
import { MAX_ENGINE_PROBLEMS } from '../../shared/limits.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { STATES } from '../support/scripted/states.ts';

describe('MD13 a change that was refused', () => {
  let store: Store;
  beforeEach(() => {
    store = createMemoryStore();
  });

  it('is told of where its author was told that it waits, once', () => {
    const refusals = new Refusals(store);
    expect(refusals.decided('answered at once')).toBe(false);
    refusals.left('waited');
    expect(refusals.decided('waited')).toBe(true);
    expect(refusals.decided('waited')).toBe(false);
  });

  it('stays, in words, until it was read, also over a restart, and no more than can be listed', () => {
    const refusals = new Refusals(store);
    refusals.add('c1', 'Rename "Work" to "Office"', 'not-owner', 5);
    refusals.add('c2', 'Share "Scans"', 'too-many-folders', 6);
    const rows = problemsView({ ...STATES.normal(), problems: refusals.list() });
    expect(rows.map(({ title, sentence, help }) => [title, sentence.what, help])).toEqual([
      [
        'Rename "Work" to "Office": refused',
        'Only the folder’s owner may do that.',
        [{ kind: 'dismiss', problem: 'refused-c1' }],
      ],
      ['Share "Scans": refused', 'The group can’t hold more folders.', [{ kind: 'dismiss', problem: 'refused-c2' }]],
    ]);
    refusals.dismiss('refused-c1');
    expect(new Refusals(store).list().map(({ id }) => id)).toEqual(['refused-c2']);
    for (let at = 10; at < 10 + MAX_ENGINE_PROBLEMS; at += 1) refusals.add(`d${at}`, 'Rename', 'not-owner', at);
    expect(refusals.list().map(({ since }) => since)).toEqual(
      Array.from({ length: MAX_ENGINE_PROBLEMS }, (_, i) => 10 + i),
    );
  });
});
