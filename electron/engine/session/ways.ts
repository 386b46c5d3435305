import type { OwnSettings, Settings } from '../../../shared/model/settings.ts';
import type { EngineOptions } from '../engine-options.ts';
import { PUBLIC_BOOTSTRAP } from '../network/dht-node.ts';
import type { HomeIdentity } from './home-identity.ts';

/** What the settings tell beside what was set, as far as it is about the network. */
export type ToldSettings = Omit<Settings, keyof OwnSettings | 'keepDays' | 'keepPercent'>;

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
    const { by, nodes } = this.#named();
    return by === 'nobody' ? null : nodes;
  }

  #named(): Settings['namedBootstrap'] {
    const told = this.#options.bootstrap;
    if (told !== null) return { by: 'start', nodes: told };
    const own = this.#home.settings().bootstrap;
    if (own.length > 0) return { by: 'settings', nodes: own };
    const invited = this.#home.group()?.record.bootstrap ?? this.#home.leaving()[0]?.bootstrap ?? [];
    return { by: invited.length > 0 ? 'invite' : 'nobody', nodes: invited };
  }

  /** What the settings tell beside what was set. */
  facts(): ToldSettings {
    const { lan, dht } = this.#wanted();
    return {
      listen: this.#options.listen,
      publicBootstrap: PUBLIC_BOOTSTRAP,
      namedBootstrap: this.#named(),
      startedWithout: (['lan', 'dht'] as const).filter((way) => !this.#options[way]),
      restartNeeded: lan !== this.inUse.lan || dht !== this.inUse.dht,
    };
  }

  #wanted(): LookedFor {
    const { lan, dht } = this.#home.settings();
    return { lan: lan && this.#options.lan, dht: dht && this.#options.dht };
  }
}
