import { useCallback, useState } from 'react';
import type { ContractClient } from '../../shared/contract/contract.ts';
import type { DecisionState } from '../../shared/model/values.ts';
import { type Toast, useToast } from '../components/toasts.tsx';
import { wordsOfThrown } from '../text/errors.ts';
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
        toast({ tone: 'halted', ...wordsOfThrown(error) });
        return null;
      } finally {
        setRunning((before) => before - 1);
      }
    },
    [client, toast],
  );
  return { act, busy: running > 0 };
};

/** What was asked for, and its state where it is a change of the group. */
export type Asked = object & { readonly state?: DecisionState | undefined };

/** What to add when a change of the group is not decided yet; null when it is, or when it is none. */
export const pendingWords = ({ state }: Asked): string | null => {
  switch (state) {
    case undefined:
    case 'committed':
      return null;
    case 'tentative':
      return 'In effect here; not confirmed by the master yet.';
    case 'waiting':
      return 'It waits for the master and goes through when enough devices are back.';
  }
};

/** What is said of something done: `title` only where it is in effect. */
export const toastOf = (done: Asked, title: string): Toast => {
  if (done.state === 'waiting') {
    return { tone: 'safe', title: 'This waits for the master', text: `${title}, once enough devices are back.` };
  }
  const text = pendingWords(done);
  return text === null ? { tone: 'safe', title } : { tone: 'safe', title, text };
};
