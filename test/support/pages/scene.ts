/** What one picture shows and one page test looks at. */
import type { Page } from 'playwright-core';
import type { StateName } from '../scripted/states.ts';
import type { ScriptedEngine } from '../scripted-engine.ts';

/** A state, where to go in it, and what to do before it is looked at. */
export interface Scene {
  readonly name: string;
  readonly state: StateName;
  /** After the `#`. */
  readonly route: string;
  /** Names in the folder's root; 0 for the small tree. */
  readonly names?: number;
  /** What shows that the page is there; a heading where nothing is named. */
  readonly sign?: string;
  /** What is done to the engine before the page is opened. */
  readonly before?: (engine: ScriptedEngine) => void;
  readonly prepare?: (page: Page, engine: ScriptedEngine) => Promise<void>;
  /** What the console may say, where a connection that fails is what is shown. */
  readonly console?: RegExp;
}

/** Presses the first button of that name. */
export const press = async (page: Page, name: string | RegExp): Promise<void> => {
  await page.getByRole('button', { name }).first().click();
};

/** Waits until the text is seen. */
export const see = async (page: Page, text: string | RegExp): Promise<void> => {
  await page.getByText(text).first().waitFor();
};
