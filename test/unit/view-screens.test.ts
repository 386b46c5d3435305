import { ORPCError } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import { activityView, foldBursts } from '../../renderer/features/activity/activity-view.ts';
import { problemsView, unlisted } from '../../renderer/features/activity/problems-view.ts';
import { conflictsView } from '../../renderer/features/conflicts/conflicts-view.ts';
import { devicesView } from '../../renderer/features/devices/devices-view.ts';
import { mapOf } from '../../renderer/features/devices/map-view.ts';
import { codeOf, firstRunView } from '../../renderer/features/first-run/first-run-view.ts';
import { parseBootstrap } from '../../renderer/features/settings/settings-view.ts';
import { versionRows } from '../../renderer/features/versions/versions-view.ts';
import { formatRoute, parseRoute } from '../../renderer/store/route.ts';
import { decisionWords } from '../../renderer/text/decisions.ts';
import { codeOfThrown, sentenceOf } from '../../renderer/text/errors.ts';
import { ago, dayName, moment } from '../../renderer/text/times.ts';
import { ERROR_CODES } from '../../shared/errors.ts';
import { operationKindSchema } from '../../shared/model/group-view.ts';
import { decision, device, filesChanged, folderId, minutesAgo, NOW } from '../support/scripted/builders.ts';
import { STATES } from '../support/scripted/states.ts';

// The words hold the clock's time of wherever they are read.
process.env.TZ = 'UTC';

describe('activity', () => {
  it('folds a burst into one line, and not what is between two devices or days', () => {
    const burst = [
      filesChanged(3, 1, 2, 1, 'added', 100, ['c.jpg']),
      filesChanged(2, 4, 2, 1, 'added', 200, ['b.jpg']),
      filesChanged(1, 9, 2, 1, 'added', 12, ['a.jpg']),
      filesChanged(0, 10, 1, 1, 'added', 5, ['z.jpg']),
    ];
    expect(foldBursts(burst).map((item) => (item.type === 'files' ? item.count : 0))).toEqual([312, 5]);
    const [today] = activityView(STATES.normal(), burst, { folder: null, device: null }, NOW);
    expect(today?.rows[0]?.text).toBe('Studio added 312 files in Photos');
  });

  it('counts a file once that was saved twice', () => {
    const twice = [
      filesChanged(2, 1, 1, 2, 'changed', 1, ['a.txt']),
      filesChanged(1, 2, 1, 2, 'changed', 1, ['a.txt']),
    ];
    expect(foldBursts(twice)).toMatchObject([{ count: 1 }]);
  });

  it('filters by folder and device', () => {
    const state = STATES.normal();
    const days = activityView(state, state.activity, { folder: folderId(3), device: null }, NOW);
    expect(days.flatMap((day) => day.rows.map((row) => row.icon))).toEqual(['moved', 'decision']);
  });

  it('puts halts first among problems, each with what to do', () => {
    const rows = problemsView(STATES.trouble());
    expect(rows.map((row) => row.tone)).toEqual(['halted', 'needsYou', 'needsYou', 'needsYou', 'needsYou']);
    expect(rows[0]?.help).toMatchObject({ kind: 'folder' });
    expect(unlisted(STATES.trouble())).toBeNull();
  });
});

describe('conflicts', () => {
  it('say who, when and how large, and never local or remote', () => {
    const cards = conflictsView(STATES.trouble(), NOW);
    const offer = cards.find((card) => card.path.startsWith('Offers'));
    expect(offer?.versions).toMatchObject([
      { who: 'Studio', when: '13:42', size: '48 kB', original: true, newest: true },
      { who: 'This computer', when: '13:37', original: false, newest: false },
    ]);
    expect(JSON.stringify(cards)).not.toMatch(/local|remote/i);
  });
});

describe('devices', () => {
  it('say whether they are here and what they need', () => {
    const rows = devicesView(STATES.trouble(), NOW);
    expect(rows.map((row) => row.presence)).toEqual([
      'This computer',
      'Last seen yesterday 08:32',
      'Last seen 42 minutes ago',
    ]);
    expect(rows[2]?.needs).toBe('Still needs 3 files, 18 MB');
  });

  it('stand on the map with a line each, and no more than there is room for', () => {
    const crowd = Array.from({ length: 12 }, (_, index) => device(index + 1, `Device ${index + 1}`));
    const map = mapOf(crowd);
    expect(map.nodes).toHaveLength(9);
    expect(map.more).toBe(3);
    expect(map.nodes.every(({ x, y }) => x >= 10 && x <= 90 && y >= 10 && y <= 90)).toBe(true);
    expect(mapOf(STATES.trouble().devices).lines.map((line) => line.kind)).toEqual(['none', 'none']);
  });
});

describe('the first run', () => {
  const fresh = STATES['first-run']();
  it.each([
    [fresh, { named: false, way: 'none' }, 'name'],
    [fresh, { named: true, way: 'none' }, 'choose'],
    [fresh, { named: true, way: 'start' }, 'start'],
    [fresh, { named: true, way: 'join' }, 'code'],
    [STATES.joining(), { named: false, way: 'none' }, 'approval'],
    [STATES.empty(), { named: true, way: 'start' }, 'share'],
    [STATES.normal(), { named: true, way: 'join' }, 'offered'],
    [
      { ...fresh, joining: { type: 'failed', at: NOW, code: 'invite-used' } as const },
      { named: true, way: 'join' },
      'code',
    ],
  ] as const)('goes on as it should (%#)', (state, chosen, kind) => {
    expect(firstRunView(state, chosen).kind).toBe(kind);
  });

  it('finds the code in what was pasted', () => {
    expect(codeOf(' FLT1 k7m2\nqz9x ')).toBe('flt1k7m2qz9x');
    expect(codeOf('flotilla://join/flt1k7m2')).toBe('flt1k7m2');
  });
});

describe('words', () => {
  it('has a whole sentence for each error, without codes in it', () => {
    for (const code of ERROR_CODES) {
      const { what, files, next } = sentenceOf(code);
      for (const text of [what, files, next]) {
        expect(text).toMatch(/^[A-Z“].*[.]$/);
        expect(text).not.toMatch(/[a-z]+-[a-z]+-[a-z]+|E[A-Z]{4,}/);
      }
    }
  });

  it('has a sentence for each kind of decision', () => {
    for (const kind of operationKindSchema.options) {
      const words = decisionWords(
        decision(1, 1, 1, {
          kind,
          subject: { type: 'folder', id: folderId(1), name: 'Photos' },
          value: '5000',
        }) as never,
        'Studio',
      );
      expect(words).toMatch(/^(Studio|Photos) [a-z]/);
    }
  });

  it('reads the code of a refusal, whoever threw it', () => {
    expect(codeOfThrown(new ORPCError('REFUSED', { data: { code: 'disk-full', message: '' } }))).toBe('disk-full');
    expect(codeOfThrown(new ORPCError('REFUSED', { data: { code: 'nonsense' } }))).toBe('internal');
    expect(codeOfThrown(new ORPCError('BAD_REQUEST'))).toBe('bad-request');
    expect(codeOfThrown(new Error('closed'))).toBe('engine-not-running');
  });

  it('tells moments', () => {
    expect(ago(NOW - 20_000, NOW)).toBe('just now');
    expect(ago(minutesAgo(3), NOW)).toBe('3 minutes ago');
    expect(moment(minutesAgo(60 * 24), NOW)).toMatch(/^yesterday \d\d:\d\d$/);
    expect(dayName(minutesAgo(60 * 24 * 400), NOW)).toMatch(/ 2025$/);
  });

  it('orders kept versions newest first', () => {
    const version = {
      id: 'a',
      time: minutesAgo(9),
      size: 10,
      device: null,
      folder: '',
      path: 'a',
      kind: 'file',
      mtime: null,
      reason: 'deleted',
    } as const;
    const rows = versionRows([version, { ...version, id: 'b', time: minutesAgo(1) }], () => '', NOW);
    expect(rows.map((row) => row.version.id)).toEqual(['b', 'a']);
  });
});

describe('routes and fields', () => {
  it.each(['#/folders', '#/folders/f1/versions', '#/master', '#/settings'])('%s is kept', (hash) => {
    expect(formatRoute(parseRoute(hash))).toBe(hash);
  });
  it('sends what it does not know to the folders', () => {
    expect(parseRoute('#/nonsense/x')).toEqual({ screen: 'folders' });
    expect(parseRoute('#/folders/f1/nonsense')).toEqual({ screen: 'folder', id: 'f1', tab: 'files' });
  });
  it('reads bootstrap nodes', () => {
    expect(parseBootstrap('a.org:49737, 127.0.0.1:1\n')).toEqual(['a.org:49737', '127.0.0.1:1']);
    expect(parseBootstrap('a.org')).toBeNull();
    expect(parseBootstrap('a.org:99999')).toBeNull();
    expect(parseBootstrap('')).toEqual([]);
  });
});
