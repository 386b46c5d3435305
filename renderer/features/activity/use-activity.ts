import type { Activity } from '../../../shared/model/activity.ts';
import { useApp } from '../../store/store-context.tsx';
import { usePages } from '../../store/use-pages.ts';

/** The newest activity as it comes, and what is older when asked for. */
export const useActivity = (
  folder: string | null,
): { readonly items: readonly Activity[]; readonly more: (() => void) | null } => {
  const { activity } = useApp();
  const pages = usePages(async (client, cursor) => {
    const page = await client.activity.list({ folder, cursor });
    return { items: page.activity, next: page.next };
  }, folder ?? '');
  const seen = new Set(activity.map((item) => item.id));
  const older = (pages.items ?? []).filter((item) => !seen.has(item.id));
  return { items: [...activity, ...older], more: pages.more };
};
