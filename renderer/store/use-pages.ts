import { useCallback, useEffect, useRef, useState } from 'react';
import type { ContractClient } from '../../shared/contract/contract.ts';
import { useClient } from './store-context.tsx';
import { useAct } from './use-act.ts';

interface PageOf<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/**
 * A list that is asked for page by page, and anew whenever `key` changes. `items` null: nothing has come yet; what was
 * there stays while newer is on its way. `more` null: there is no more.
 */
export const usePages = <T>(
  load: (client: ContractClient, cursor: string | null) => Promise<PageOf<T>>,
  key: string,
): { readonly items: readonly T[] | null; readonly more: (() => void) | null } => {
  const client = useClient();
  const { act } = useAct();
  const [page, setPage] = useState<PageOf<T> | null>(null);
  const asked = useRef(load);
  asked.current = load;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when to ask again, and a new client does
  useEffect(() => {
    let wanted = true;
    if (client === null) return;
    void act((current) => asked.current(current, null)).then((found) => {
      if (wanted && found) setPage(found);
    });
    return () => {
      wanted = false;
    };
  }, [key, client]);

  const next = page?.next ?? null;
  const more = useCallback(() => {
    void act((current) => asked.current(current, next)).then((found) => {
      if (found) setPage((before) => ({ items: [...(before?.items ?? []), ...found.items], next: found.next }));
    });
  }, [act, next]);
  return { items: page?.items ?? null, more: next === null ? null : more };
};
