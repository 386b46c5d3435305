import { MAX_PUBLISH_CHANGES } from '../../../shared/limits.ts';
import type { RelativePath } from '../../../shared/relative-path.ts';
import type { FolderIndex, OwnChange } from '../index/folder-index.ts';
import type { Operation } from '../reconcile/operations.ts';
import type { EntryVersion } from '../reconcile/tree-types.ts';
import type { FolderTables, RowChange } from './tables.ts';

export type Publication = Extract<Operation, { type: 'publish' }>;

/** Cuts publications into transactions; a removal that names its destination stays beside it. */
export function* publishBatches(publications: readonly Publication[]): Generator<readonly Publication[]> {
  const removals = new Map<RelativePath, Publication>();
  for (const publication of publications) {
    const value = publication.change.value;
    if (value.kind === 'gone' && value.movedTo !== null) removals.set(value.movedTo, publication);
  }
  let batch: Publication[] = [];
  for (const publication of publications) {
    const value = publication.change.value;
    if (value.kind === 'gone' && value.movedTo !== null) continue;
    batch.push(publication);
    const removal = removals.get(publication.path);
    if (removal !== undefined) {
      batch.push(removal);
      removals.delete(publication.path);
    }
    if (batch.length < MAX_PUBLISH_CHANGES) continue;
    yield batch;
    batch = [];
  }
  batch.push(...removals.values());
  if (batch.length > 0) yield batch;
}

/** RC2: index change, envelope and `synced` in one transaction, durable when this returns. */
export function publishAll(index: FolderIndex, tables: FolderTables, publications: readonly Publication[]): void {
  const changes: OwnChange[] = publications.map(({ change }) => change);
  index.publish(changes, (tx, versions) => {
    const rows: RowChange[] = publications.map((publication, at) => ({
      path: publication.path,
      synced: syncedAfter(publication, versions[at] as EntryVersion),
    }));
    tables.write(tx, rows);
  });
  tables.written();
}

function syncedAfter({ change, local }: Publication, version: EntryVersion): (RowChange['synced'] & object) | null {
  const value = change.value;
  if (value.kind === 'gone' || local === null) return null;
  return { value, version, mark: local.mark, copy: false };
}
