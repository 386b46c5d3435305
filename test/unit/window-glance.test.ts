import { describe, expect, it, vi } from 'vitest';
import { readGlance } from '../../electron/main/glance-shape.ts';
import { glanceOf, titleOf } from '../../renderer/app/glance-view.ts';
import type { Live } from '../../renderer/store/app-store.ts';
import { folderId } from '../support/scripted/builders.ts';
import { STATES, type StateName } from '../support/scripted/states.ts';

vi.mock('electron', () => ({ dialog: {} }));

const live = (name: StateName): Live => ({ kind: 'live', state: STATES[name](), client: {} as never });

describe('the tray', () => {
  it.each([
    ['before anything is known', { kind: 'connecting' }, 'quiet', 'Starting'],
    [
      'when the engine failed',
      { kind: 'failed', code: 'engine-already-running', message: '', state: STATES.normal() },
      'halted',
      'Flotilla already runs with this home.',
    ],
    [
      'when the engine is lost',
      { kind: 'reconnecting', state: STATES.normal(), client: null },
      'halted',
      'Flotilla is not running on this computer.',
    ],
    ['all is everywhere', live('normal'), 'safe', 'Everything is on all 3 devices'],
    ['what rests is not called moving', live('paused'), 'quiet', 'Work is paused'],
  ] as const)('says what the window says: %s', (_name, given, tone, sentence) => {
    expect(glanceOf(given as Live)).toEqual({ tone, sentence });
  });

  it('takes every sentence, cut to what a tray shows, and nothing that is none', () => {
    const long = readGlance({ sentence: 'Studio 🙂 '.repeat(40), tone: 'quiet' });
    expect([...(long?.sentence ?? '')]).toHaveLength(120);
    expect(long?.sentence.endsWith('…')).toBe(true);
    for (const name of Object.keys(STATES) as StateName[]) expect(readGlance(glanceOf(live(name)))).not.toBeNull();
    expect(readGlance({ sentence: 'x', tone: 'green' })).toBeNull();
    expect(readGlance(null)).toBeNull();
  });
});

it('the title names the screen first', () => {
  const sentence = 'Everything is on all 3 devices · Flotilla';
  expect(titleOf(live('normal'), { screen: 'devices' })).toBe(`Devices · ${sentence}`);
  expect(titleOf(live('normal'), { screen: 'folder', id: folderId(1), tab: 'files' })).toBe(`Photos · ${sentence}`);
  expect(titleOf(live('first-run'), { screen: 'folders' })).toBe('Flotilla');
});

describe('what is asked when the window closes where there is no tray', async () => {
  const { CLOSING_QUESTION, tellAboutClosing } = await import('../../electron/main/closing-notice.ts');
  const { dialog } = await import('electron');

  it('names a way to quit that is there', () => {
    expect(CLOSING_QUESTION.detail).toContain('Quit under Settings');
    expect(CLOSING_QUESTION.detail).not.toContain('File >');
    expect(CLOSING_QUESTION.buttons).toEqual(['Keep running', 'Quit Flotilla']);
  });

  it.each([
    [0, true],
    [1, false],
  ])('goes on unless Quit is chosen: button %i', async (response, goesOn) => {
    Object.assign(dialog, { showMessageBox: async () => ({ response }) });
    expect(await tellAboutClosing({} as never)).toBe(goesOn);
  });
});
