import { ORPCError } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import { activityView, foldBursts } from '../../renderer/features/activity/activity-view.ts';
import { problemsView, unlisted } from '../../renderer/features/activity/problems-view.ts';
import { conflictsView } from '../../renderer/features/conflicts/conflicts-view.ts';
import { devicesView } from '../../renderer/features/devices/devices-view.ts';
import { mapOf } from '../../renderer/features/devices/map-view.ts';
import { codeOf, firstRunView } from '../../renderer/features/first-run/first-run-view.ts';
import { foldersView } from '../../renderer/features/folders/folders-view.ts';
import {
  bootstrapPlaceholder,
  bootstrapWords,
  parseBootstrap,
} from '../../renderer/features/settings/settings-view.ts';
import { versionRows } from '../../renderer/features/versions/versions-view.ts';
import { formatRoute, parseRoute } from '../../renderer/store/route.ts';
import { folderWords } from '../../renderer/store/selectors.ts';
import { decisionWords } from '../../renderer/text/decisions.ts';
import { codeOfThrown, wordsOfThrown } from '../../renderer/text/errors.ts';
import { ago, dayName, moment } from '../../renderer/text/times.ts';
import { ERROR_CODES } from '../../shared/errors.ts';
import type { Folder } from '../../shared/model/folder.ts';
import { operationKindSchema } from '../../shared/model/group-view.ts';
import type { Settings } from '../../shared/model/settings.ts';
import { needsOf } from '../../shared/model/truth.ts';
import { sentenceOf } from '../../shared/text/error-sentences.ts';
import { decision, device, deviceId, filesChanged, folderId, minutesAgo, NOW } from '../support/scripted/builders.ts';
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

  it('counts as many things that need someone as it lists, and as the badges add up to', () => {
    for (const make of Object.values(STATES)) {
      const state = make();
      const { halted, problems, conflicts, requests, total } = needsOf(state);
      expect(problemsView(state).filter((row) => row.tone !== 'quiet')).toHaveLength(halted.length + problems);
      expect(halted.length + problems + conflicts + requests).toBe(total);
    }
  });

  it('offers to throw a change away where it may not be sent, and to begin anew where nothing goes', () => {
    const state = STATES.normal();
    const [photos] = state.folders;
    const change = { path: 'a/b.txt', code: 'no-right-to-write' as const, message: '' };
    const whole = { path: '', code: 'io-error' as const, message: '' };
    const helps = (changes: Partial<Folder>) =>
      problemsView({ ...state, folders: [{ ...(photos as Folder), ...changes }] }).map(({ help }) => help);
    expect(helps({ problems: [change] })).toEqual([[{ kind: 'throwMineAway', folder: folderId(1), path: 'a/b.txt' }]]);
    expect(helps({ state: 'error', problems: [whole] })).toEqual([[{ kind: 'retry', folder: folderId(1) }]]);
  });

  it('filters by folder and device', () => {
    const state = STATES.normal();
    const days = activityView(state, state.activity, { folder: folderId(3), device: null }, NOW);
    expect(days.flatMap((day) => day.rows.map((row) => row.icon))).toEqual(['moved', 'decision']);
  });

  it('puts halts first among problems, each with what to do', () => {
    const rows = problemsView(STATES.trouble());
    expect(rows.map((row) => [row.tone, row.help.map(({ kind }) => kind).join(' ')])).toEqual([
      ['halted', 'folder'],
      ['needsYou', 'show rescan'],
      ['needsYou', 'show'],
      ['needsYou', 'throwMineAway'],
      ['needsYou', 'throwMineAway'],
      ['quiet', 'show'],
    ]);
    expect(unlisted(STATES.trouble())).toBeNull();
  });

  it('tells of a full disk at another device that is here', () => {
    const trouble = STATES.trouble();
    const devices = trouble.devices.map((one) => ({ ...one, online: true }));
    const row = problemsView({ ...trouble, devices }).at(-1);
    expect([row?.tone, row?.help, row?.sentence.what]).toEqual([
      'quiet',
      [],
      'The disk of Studio is full (9.6 MB left, 18 MB needed).',
    ]);
    expect(devicesView({ ...trouble, devices }, NOW).map(({ needs }) => needs)).toContain(
      'The disk of Studio is full (9.6 MB left, 18 MB needed)',
    );
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

it('marks what waits for the master on what it is about', () => {
  const state = STATES.trouble();
  const pi = devicesView(state, NOW).find(({ device: one }) => one.name === 'Pi');
  expect(pi?.waits).toEqual(['Waits for the master: Remove Pi']);
  const rename = {
    id: 'w3',
    kind: 'folder.rename' as const,
    subject: folderId(2),
    text: 'Rename "Work"',
    since: 0,
    canCancel: true,
  };
  const { held } = foldersView({ ...state, waiting: [...state.waiting, rename] });
  const marks = (name: string) => held.find(({ folder }) => folder.name === name)?.marks.map(({ words }) => words);
  expect(marks('Work')).toContain('Waits for the master: Rename "Work"');
  expect(marks('Scans')).toEqual([]);
});

it('calls a folder that is gone by the name that it had', () => {
  const state = STATES.normal();
  expect(folderWords({ ...state, folders: [] }, folderId(3))).toBe('Music');
  expect(folderWords({ ...state, folders: [], activity: [] }, folderId(3))).toBe('a folder that is gone');
});

describe('a version whose original is gone', () => {
  const state = STATES.trouble();
  const [offer] = state.conflicts;
  if (offer === undefined) throw new Error('the state has it');
  const card = (by: number | null, deletedBy: string | null) => {
    const version = { device: deviceId(by ?? 1), mtime: null, size: 0, path: 'a (conflict X 0a1b2c3d).txt' };
    return conflictsView({ ...state, conflicts: [{ ...offer, deletedBy, versions: [version] }] }, NOW)[0];
  };

  it.each([
    [1, deviceId(2), 'Studio deleted it while you changed it: your version was kept'],
    [3, deviceId(2), 'Studio deleted it: the version of Pi was kept'],
    [1, deviceId(1), 'You deleted the original: this version was kept'],
    [1, null, 'The original is gone: this version was kept'],
  ] as const)('%s, %s', (by, deletedBy, words) => {
    expect(card(by, deletedBy)).toMatchObject({ deleted: words, versions: [{ when: 'A link' }] });
  });
});

it('names the place that may not be written', () => {
  const data = { code: 'path-not-writable', message: 'EACCES', path: '/srv/x' };
  expect(wordsOfThrown(new ORPCError('REFUSED', { status: 400, data }))).toEqual({
    title: 'Flotilla may not write here.',
    text: 'Your files are as they were. Check who owns the folder: /srv/x',
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
    expect(rows[2]?.needs).toBe('Its disk was full when it was last here');
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

  it('says which bootstrap nodes are used while none is set here', () => {
    const words = (by: Settings['namedBootstrap']['by'], nodes: readonly string[], publicBootstrap = ['p.org:1']) => {
      const namedBootstrap = { by, nodes };
      return [bootstrapWords({ namedBootstrap, publicBootstrap }), bootstrapPlaceholder(namedBootstrap)];
    };
    expect(words('nobody', [])).toEqual(['Empty: the public ones (p.org:1).', 'Public ones']);
    expect(words('nobody', [], [])).toEqual(['Empty: the public ones.', 'Public ones']);
    expect(words('invite', ['a.org:1'])).toEqual([
      'Empty: those that the invite named (a.org:1).',
      'Those of the invite',
    ]);
    const started = 'Flotilla was started to use a.org:1, b.org:2, whatever is set here.';
    expect(words('start', ['a.org:1', 'b.org:2'])).toEqual([started, 'a.org:1, b.org:2']);
  });
});
