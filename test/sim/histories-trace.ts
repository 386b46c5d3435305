import type { FolderIndex } from '../../electron/engine/index/folder-index.ts';
import type { RemoteNode } from '../../electron/engine/reconcile/tree-types.ts';
import { snapshot } from '../support/disk-snapshot.ts';
import { textsKept } from './histories-check.ts';

/** Tells what changed on disks and in indexes between two looks, for whoever has to understand a failed history. */
export class Trace {
  readonly #last = new Map<string, ReadonlyMap<string, string>>();

  changes(name: string, root: string, index: FolderIndex | null): readonly string[] {
    const now = new Map(Object.entries(snapshot(root)).map(([path, entry]) => [`disk ${path}`, entry]));
    for (const text of textsKept(root)) now.set(`kept ${text}`, 'yes');
    const before = this.#last.get(name) ?? new Map<string, string>();
    if (index === null) for (const [what, entry] of before) if (what.startsWith('index ')) now.set(what, entry);
    for (const [path, node] of index?.remoteBelow('') ?? []) now.set(`index ${path}`, shown(node));
    this.#last.set(name, now);
    const lines: string[] = [];
    for (const [what, entry] of now) if (before.get(what) !== entry) lines.push(`${name} ${what}: ${entry}`);
    for (const what of before.keys()) if (!now.has(what)) lines.push(`${name} ${what}: nothing`);
    return lines;
  }
}

function shown({ value, version, copyOf }: RemoteNode): string {
  const content = value.kind === 'file' || value.kind === 'gone' ? (value.content?.slice(0, 8) ?? '') : '';
  const more =
    value.kind === 'file' ? ` ${value.mtime} ${value.mode}` : value.kind === 'gone' ? ` to ${value.movedTo}` : '';
  const copy =
    copyOf === null ? '' : ` copy of ${copyOf.path} ${copyOf.version.author.slice(0, 4)}:${copyOf.version.counter}`;
  return `${value.kind} ${content}${more} ${version.author.slice(0, 4)}:${version.counter}${copy}`;
}
