import type { AppState } from '../../../shared/model/app-state.ts';

const parentOf = (path: string): string => path.replace(/[/\\][^/\\]*$/, '');

/** A place where a new folder would lie well: beside one that is held already, or in the directory for accepted ones. */
export const suggestPlace = (state: AppState, name: string): string => {
  const safe = name.replace(/[/\\:*?"<>|]/g, '-').trim();
  const beside = state.folders.find((folder) => folder.path !== null)?.path;
  const parent = state.settings.acceptDirectory ?? (beside ? parentOf(beside) : null);
  if (parent === null || parent === '') return '';
  return `${parent}${parent.includes('\\') ? '\\' : '/'}${safe}`;
};
