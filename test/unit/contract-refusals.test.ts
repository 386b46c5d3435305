import { ORPCError } from '@orpc/client';
import { createRouterClient } from '@orpc/server';
import { expect, it } from 'vitest';
import { createRouter } from '../../electron/engine/contract/router.ts';
import { ERROR_CODES } from '../../shared/errors.ts';
import { failureOf } from '../../shared/text/error-sentences.ts';
import { engineNamed, MemoryDoors } from '../support/engine-pair.ts';

/** The code and message of a refusal. */
async function refusal(asked: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error: unknown = await asked.then(
    () => new Error('it was not refused'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ORPCError) || error.code !== 'REFUSED') throw error;
  return error.data as { code: string; message: string };
}

it('says what is wrong with a name or a budget, whatever was given, in words', async () => {
  const { engine } = engineNamed('Studio', new MemoryDoors());
  await engine.start();
  const client = createRouterClient(createRouter(engine));
  const device = engine.self;
  const names = ['', '   ', 'x'.repeat(300), 'two\nlines'];
  for (const name of names) {
    expect((await refusal(client.group.create({ name }))).code, JSON.stringify(name)).toBe('name-invalid');
    expect((await refusal(client.devices.rename({ device, name }))).code).toBe('name-invalid');
  }
  await client.group.create({ name: ' Home ' });
  expect(engine.view().group?.name).toBe('Home');
  for (const name of names) {
    expect((await refusal(client.devices.rename({ device, name }))).code).toBe('name-invalid');
  }
  for (const budgetMs of [0, -1, 1e9]) {
    expect(await refusal(client.master.setBudget({ budgetMs }))).toEqual({
      code: 'budget-out-of-range',
      message: 'That latency budget is too short or too long. Choose between 1 s and 120 s.',
      path: null,
    });
  }
  await engine.stop();
});

it('has a sentence for every code, and none that shows one', () => {
  for (const code of ERROR_CODES) {
    const { message } = failureOf(code);
    expect(message, code).toMatch(/^\p{Lu}.*[.?]$/u);
    if (code.includes('-')) expect(message).not.toContain(code);
  }
});

it('lists nothing where there is no group', async () => {
  const { engine } = engineNamed('Studio', new MemoryDoors());
  await engine.start();
  const client = createRouterClient(createRouter(engine));
  expect(await client.conflicts.list({})).toEqual([]);
  expect(await client.master.health()).toEqual({ folders: [], devices: [] });
  expect(await client.folders.list()).toEqual([]);
  await engine.stop();
});
