import type { EntryVersion, Gone, LocalNode, Node, StatMark, SyncedNode } from './tree-types.ts';

/** Whether both hold the same thing, mode and mtime aside. */
export function sameContent(a: Node | Gone, b: Node | Gone): boolean {
  switch (a.kind) {
    case 'file':
      return b.kind === 'file' && a.content === b.content;
    case 'symlink':
      return b.kind === 'symlink' && a.target === b.target;
    case 'directory':
      return b.kind === 'directory';
    case 'gone':
      return b.kind === 'gone';
  }
}

/** Whether both are the same; a mode that one side does not tell differs from none. */
export function sameNode(a: Node, b: Node): boolean {
  if (!sameContent(a, b)) return false;
  if (a.kind === 'file' && b.kind === 'file' && a.mtime !== b.mtime) return false;
  if (a.kind === 'symlink' || b.kind === 'symlink') return true;
  return a.mode === null || b.mode === null || a.mode === b.mode;
}

/** Whether two versions are the same one. */
export function sameVersion(a: EntryVersion, b: EntryVersion): boolean {
  return a.counter === b.counter && a.author === b.author;
}

/** Whether nothing touched the file between the two looks. */
export function sameMark(a: StatMark, b: StatMark): boolean {
  return sameMarkButChangeTime(a, b) && a.ctimeNs === b.ctimeNs;
}

/** As `sameMark`, for a file that was linked or renamed in between, which moves its change time. */
export function sameMarkButChangeTime(a: StatMark, b: StatMark): boolean {
  return a.inode === b.inode && a.device === b.device && a.size === b.size && a.mtimeNs === b.mtimeNs;
}

/** The bits that go on disk: whoever applies keeps read and write (and entry to directories) for its own user. */
export function appliedMode(kind: 'file' | 'directory', mode: number): number {
  return (mode & 0o777) | (kind === 'file' ? 0o600 : 0o700);
}

/**
 * What the disk holds, said in the terms of the index. Where mtime or mode on disk are what applying `synced` left there,
 * the values of `synced` stand, so that what a disk can't hold exactly never looks like a person's change.
 */
export function localValue(local: LocalNode, synced: SyncedNode | undefined): Node {
  const value = local.value;
  const base = synced?.value;
  if (base === undefined || value.kind !== base.kind) return value;
  switch (value.kind) {
    case 'symlink':
      return value;
    case 'directory':
      return base.kind === 'directory' ? { ...value, mode: modeAgainst('directory', value.mode, base.mode) } : value;
    case 'file':
      if (base.kind !== 'file') return value;
      return {
        ...value,
        mtime: local.mark.mtimeNs === synced?.mark.mtimeNs ? base.mtime : value.mtime,
        mode: modeAgainst('file', value.mode, base.mode),
      };
  }
}

function modeAgainst(kind: 'file' | 'directory', onDisk: number | null, agreed: number | null): number | null {
  if (onDisk === null) return agreed;
  if (agreed !== null && appliedMode(kind, agreed) === onDisk) return agreed;
  return onDisk;
}

/** The mode of a file or directory, null where it is not told. */
export function modeOf(value: Node): number | null {
  return value.kind === 'symlink' ? null : value.mode;
}

/**
 * What was agreed on where the index tells no mode: the mode that is on disk then stands for it, so that a later change of
 * it shows as one.
 */
export function withKnownMode(value: Node, known: Node): Node {
  if (value.kind === 'symlink' || value.mode !== null) return value;
  return { ...value, mode: modeOf(known) };
}

/** Whether the disk differs from what it was last agreed to hold. */
export function locallyChanged(local: LocalNode, synced: SyncedNode): boolean {
  return !sameNode(localValue(local, synced), synced.value);
}
