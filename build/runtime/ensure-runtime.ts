/** Gets hold of an Electron: the official one, or where that is out of reach, the stand-in for tests. */
import { withHeartbeat } from '../running/heartbeat.ts';
import { cacheDirectory } from './cache-directory.ts';
import { cachedOfficial, fetchOfficial, type Runtime } from './official.ts';
import { cachedStandIn, makeStandIn } from './stand-in.ts';

/** What a window, `--version` and a package's name say about a runtime; null for the official one. */
export const runtimeNote = (runtime: Runtime): string | null =>
  runtime.kind === 'official' ? null : `test runtime, Electron ${runtime.version}, out of support`;

const reason = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const code: unknown = Reflect.get(error, 'code');
  return code === 'ENOTFOUND' || code === 'EAI_AGAIN' ? 'its address cannot be looked up' : error.message;
};

/** There is none to be had, and why, in words. */
interface NoRuntime {
  readonly kind: 'none';
  readonly why: string;
}

/**
 * The official runtime if there is a way to it; it is tried again at every call until it is in the cache. Else the
 * stand-in. Where neither is to be had, the reason in words.
 */
export const ensureRuntime = (
  root: string,
  say: (text: string) => void = console.log,
  cache = cacheDirectory(),
): Promise<Runtime | NoRuntime> => withHeartbeat('Electron', (tell) => findOrFetch(root, tell, cache), say);

const findOrFetch = async (root: string, say: (text: string) => void, cache: string): Promise<Runtime | NoRuntime> => {
  const official = cachedOfficial(root, cache);
  if (official !== null) return official;
  let why: string;
  try {
    return await fetchOfficial(root, cache, say);
  } catch (error) {
    why = `The official Electron cannot be fetched: ${reason(error)}.`;
  }
  say(why);
  const standIn = cachedStandIn(cache);
  if (standIn !== null) return standIn;
  try {
    return await makeStandIn(root, cache, say);
  } catch (error) {
    return { kind: 'none', why: `${why} Nor can a stand-in: ${reason(error)}.` };
  }
};
