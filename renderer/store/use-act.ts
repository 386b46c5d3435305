import { useCallback, useState } from 'react';
import type { ContractClient } from '../../shared/contract/contract.ts';
import type { DecisionState } from '../../shared/model/values.ts';
import { useToast } from '../components/toasts.tsx';
import { codeOfThrown, sentenceOf } from '../text/errors.ts';
import { useClient } from './store-context.tsx';

/** Runs a call; a refusal becomes a message and null. Nothing is thrown. */
export type Act = <T>(call: (client: ContractClient) => Promise<T>) => Promise<T | null>;

/** What does things: says in words why something was refused. `busy` while a call runs. */
export const useAct = (): { readonly act: Act; readonly busy: boolean } => {
  const client = useClient();
  const toast = useToast();
  const [running, setRunning] = useState(0);
  const act = useCallback<Act>(
    async (call) => {
      setRunning((before) => before + 1);
      try {
        if (client === null) throw new Error('not connected');
        return await call(client);
      } catch (error) {
        const sentence = sentenceOf(codeOfThrown(error));
        toast({ tone: 'halted', title: sentence.what, text: `${sentence.files} ${sentence.next}` });
        return null;
      } finally {
        setRunning((before) => before - 1);
      }
    },
    [client, toast],
  );
  return { act, busy: running > 0 };
};

/** What to add when a change of the group is not decided yet; null when it is. */
export const pendingWords = (state: DecisionState): string | null => {
  switch (state) {
    case 'committed':
      return null;
    case 'tentative':
      return 'In effect here; not confirmed by the master yet.';
    case 'waiting':
      return 'It waits for the master and goes through when enough devices are back.';
  }
};
