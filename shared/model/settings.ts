/** What a person can set on this device, and what the settings page tells beside it. */
import { z } from 'zod';
import { idSchema } from './values.ts';

/** Settings of this device alone, kept in its home. */
export const ownSettingsSchema = z.object({
  /** HOST:PORT of bootstrap nodes of one's own; empty: HyperDHT's public ones. */
  bootstrap: z.array(z.string().regex(/^.+:\d{1,5}$/)).readonly(),
  /** Look for devices on the local network. */
  lan: z.boolean(),
  /** Look for devices over the distributed hash table. */
  dht: z.boolean(),
  /** Newly shared folders are accepted into this directory without asking; null: ask. */
  acceptDirectory: z.string().nullable(),
});
export type OwnSettings = z.infer<typeof ownSettingsSchema>;

export const settingsSchema = ownSettingsSchema.extend({
  /** Bootstrap nodes that are used where nobody named any. */
  publicBootstrap: z.array(z.string()).readonly(),
  /** Bootstrap nodes that were named and are used: at the engine's start, here, or by the invite; empty: the public ones. */
  namedBootstrap: z.object({
    by: z.enum(['start', 'settings', 'invite', 'nobody']),
    nodes: z.array(z.string()).readonly(),
  }),
  /** Ways of finding devices that the engine was started without, whatever is set. */
  startedWithout: z.array(z.enum(['lan', 'dht'])).readonly(),
  /** The one address that everything binds to; null: chosen by the program. */
  listen: z.string().nullable(),
  /** What was set takes effect at the next start. */
  restartNeeded: z.boolean(),
  /** Kept versions: days of running, and the share of the disk in percent. */
  keepDays: z.number(),
  keepPercent: z.number(),
});
export type Settings = z.infer<typeof settingsSchema>;

/** This device and its engine. */
export const selfSchema = z.object({
  id: idSchema,
  name: z.string(),
  version: z.string(),
  home: z.string(),
  platform: z.string(),
  /** Said where the runtime is a stand-in: "test runtime, Electron 25.1.1, out of support". */
  runtimeNote: z.string().nullable(),
  startedAt: z.number(),
});

/**
 * ok · recovering: restored from a copy, fetching its own latest from its peers · confirm: restored, and nobody can tell
 * it what it did: `home.answer` goOn · cloned: the same home runs twice; both stop until their users choose.
 */
export const homeStateSchema = z.enum(['ok', 'recovering', 'confirm', 'cloned']);
export type HomeState = z.infer<typeof homeStateSchema>;
