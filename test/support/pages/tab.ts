/** A page with a scripted engine of its own, which goes from scene to scene and from look to look without a new start. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { NOW } from '../scripted/builders.ts';
import { STATES } from '../scripted/states.ts';
import { SCRIPTED_TOKEN, type ScriptedEngine, startScriptedEngine } from '../scripted-engine.ts';
import { goTo, type Look, lookAt, openContext, openPage, standsStill } from './browser.ts';
import type { Scene } from './scene.ts';

const WIDE: Look = { scheme: 'light', width: 1280, height: 860 };

export class Tab {
  readonly page: Page;
  readonly engine: ScriptedEngine;
  readonly #context: BrowserContext;
  /** What the console said since the scene began. */
  #errors: string[] = [];
  /** The state that the page is in as it was opened; null once a scene has pressed something there. */
  #clean: Scene['state'] | null = null;
  #opened = 0;

  private constructor(context: BrowserContext, page: Page, engine: ScriptedEngine) {
    this.#context = context;
    this.page = page;
    this.engine = engine;
    page.on('console', (message) => message.type() === 'error' && this.#errors.push(message.text()));
    page.on('pageerror', (error) => this.#errors.push(error.message));
  }

  /** `directory`: where the page is bundled. */
  static async open(browser: Browser, directory: string): Promise<Tab> {
    const engine = await startScriptedEngine(directory, STATES.normal());
    const context = await openContext(browser, WIDE, NOW);
    return new Tab(context, await openPage(context), engine);
  }

  get errors(): readonly string[] {
    return this.#errors;
  }

  /** Whether the state is on the screen as it was opened, so that another of its scenes is near. */
  has(state: Scene['state']): boolean {
    return this.#clean === state;
  }

  /** Shows the scene, wide and light, and waits until it stands still. */
  async show(scene: Scene): Promise<void> {
    const { page, engine } = this;
    // It is opened so; and before a page is there, nothing can be asked of one.
    if (this.#opened > 0) await this.look(WIDE);
    this.#errors = [];
    const plain = scene.before === undefined && scene.names === undefined;
    if (plain && this.#clean === scene.state) {
      await goTo(page, scene.route);
    } else {
      engine.restore();
      engine.setNames(scene.names ?? 0);
      engine.script.reset(STATES[scene.state]());
      scene.before?.(engine);
      this.#opened += 1;
      await page.goto(`${engine.origin}/?token=${SCRIPTED_TOKEN}&opened=${this.#opened}#${scene.route}`);
    }
    this.#clean = plain && scene.prepare === undefined ? scene.state : null;
    await page
      .locator(scene.sign ?? 'h1')
      .first()
      .waitFor();
    await scene.prepare?.(page, engine);
    await standsStill(page, scene.sign === '[aria-busy="true"]');
  }

  /** Changes colours and size of what is shown. */
  look(look: Look): Promise<void> {
    return lookAt(this.page, look);
  }

  async close(): Promise<void> {
    await this.#context.close();
    await this.engine.close();
  }
}
