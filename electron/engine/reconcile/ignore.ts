/** What operating systems and desktops leave in directories by themselves: never synced, in any case of letters. */
export const IGNORED_NAMES: readonly string[] = [
  '.DS_Store',
  '.AppleDouble',
  '.LSOverride',
  '.DocumentRevisions-V100',
  '.Spotlight-V100',
  '.TemporaryItems',
  '.Trashes',
  '.fseventsd',
  '.VolumeIcon.icns',
  'Icon\r',
  'Thumbs.db',
  'Thumbs.db:encryptable',
  'ehthumbs.db',
  'desktop.ini',
  '$RECYCLE.BIN',
  'System Volume Information',
  'lost+found',
];

/** Beginnings of such names: AppleDouble files, NFS files that were removed while open, FUSE the same, trash of Linux. */
export const IGNORED_PREFIXES: readonly string[] = ['._', '.nfs', '.fuse_hidden', '.trash-'];

const names: ReadonlySet<string> = new Set(IGNORED_NAMES.map((name) => name.toLowerCase()));

/** Whether the last segment of a path is one that is not synced. */
export function isIgnoredName(name: string): boolean {
  const folded = name.toLowerCase();
  return names.has(folded) || IGNORED_PREFIXES.some((prefix) => folded.startsWith(prefix));
}
