import { decodeValue, encodeValue } from '../bytes/codec.ts';
import type { Store } from '../ports/store.ts';
import type { FetchRequest } from './content-types.ts';
import type { ManifestPage } from './manifest.ts';
import type { ManifestStore } from './manifest-store.ts';

/** `folder/content` -> number of manifest pages that an interrupted attempt had begun; for content of several pages. */
const PROGRESS = 'fetch';

/** What is fetched. */
type Fetched = Pick<FetchRequest, 'folder' | 'content'>;

function progressKey({ folder, content }: Fetched): string {
  return `${folder}/${content}`;
}

/** Manifest pages of which an attempt before had begun to fetch the chunks; 0 where there was none. */
export function readProgress(store: Store, fetched: Fetched): number {
  const bytes = store.get(PROGRESS, progressKey(fetched));
  const pages = bytes === undefined ? 0 : decodeValue(bytes);
  return typeof pages === 'number' ? pages : 0;
}

/** A content of several pages takes long: page and progress are durable before its chunks are asked for. */
export function keepProgress(manifests: ManifestStore, fetched: Fetched, page: ManifestPage, begun: number): void {
  manifests.keep(page, (tx) => tx.put(PROGRESS, progressKey(fetched), encodeValue(begun)));
}

/** Nothing is left to go on with. */
export function endProgress(store: Store, fetched: Fetched): void {
  store.transaction((tx) => tx.remove(PROGRESS, progressKey(fetched)));
}
