import type { Settings } from '../../../shared/model/settings.ts';
import type { EngineOptions } from '../engine-options.ts';
import { PUBLIC_BOOTSTRAP } from '../network/dht-node.ts';
import type { HomeIdentity } from './home-identity.ts';

interface LookedFor {
  readonly lan: boolean;
  readonly dht: boolean;
}

/** How this device looks for others: what was told at its start, and what its user set. */
export class Ways {
  readonly #home: HomeIdentity;
  readonly #options: EngineOptions;
  /** As of the start; what is set later counts from the next one on. */
  readonly inUse: LookedFor;

  constructor(home: HomeIdentity, options: EngineOptions) {
    this.#home = home;
    this.#options = options;
    this.inUse = this.#wanted();
  }

  /** Bootstrap nodes of one's own: told at the start, set, or named by the invite; null: the public ones. */
  bootstrap(): readonly string[] | null {
    const told = this.#options.bootstrap;
    if (told !== null) return told;
    const own = this.#home.settings().bootstrap;
    if (own.length > 0) return own;
    const invited = this.#home.group()?.record.bootstrap ?? [];
    return invited.length > 0 ? invited : null;
  }

  /** What the settings tell beside what was set. */
  facts(): Pick<Settings, 'listen' | 'publicBootstrap' | 'restartNeeded'> {
    const { lan, dht } = this.#wanted();
    return {
      listen: this.#options.listen,
      publicBootstrap: PUBLIC_BOOTSTRAP,
      restartNeeded: lan !== this.inUse.lan || dht !== this.inUse.dht,
    };
  }

  #wanted(): LookedFor {
    const { lan, dht } = this.#home.settings();
    return { lan: lan && this.#options.lan, dht: dht && this.#options.dht };
  }
}
