import { expect, test } from 'vitest';
import { LanShortcut } from '../../electron/engine/network/lan-shortcut.ts';

test('the call after one over the local network that reached nobody goes without, and the next tries it again', () => {
  const shortcut = new LanShortcut();
  expect(shortcut.isTried('ann')).toBe(true);
  shortcut.failed('ann');
  expect(shortcut.isTried('bob')).toBe(true);
  expect(shortcut.isTried('ann')).toBe(false);
  expect(shortcut.isTried('ann')).toBe(true);
});

test('no more is remembered than a group can have devices, however many keys strangers announce', () => {
  const shortcut = new LanShortcut();
  for (let key = 0; key < 300; key += 1) shortcut.failed(String(key));
  expect(shortcut.isTried('0')).toBe(true);
  expect(shortcut.isTried('299')).toBe(false);
});
