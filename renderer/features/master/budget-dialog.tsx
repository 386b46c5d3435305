import { Button, Group, Modal, NumberInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { DEFAULT_BUDGET_MS, MAX_BUDGET_MS, MIN_BUDGET_MS } from '../../../shared/limits.ts';
import { measured } from '../../../shared/model/amounts.ts';
import { useToast } from '../../components/toasts.tsx';
import { useAct } from '../../store/use-act.ts';

const SECOND = 1000;

/** Sets the group's latency budget, and says what a shorter or longer one means. */
export const BudgetDialog = ({ budgetMs, onClose }: { readonly budgetMs: number; readonly onClose: () => void }) => {
  const { act, busy } = useAct();
  const toast = useToast();
  const [seconds, setSeconds] = useState<number | string>(budgetMs / SECOND);
  const wanted = typeof seconds === 'number' ? Math.round(seconds * SECOND) : null;
  const usable = wanted !== null && wanted >= MIN_BUDGET_MS && wanted <= MAX_BUDGET_MS;
  const send = async (): Promise<void> => {
    if (!usable) return;
    const done = await act((client) => client.master.setBudget({ budgetMs: wanted }));
    if (!done) return;
    toast({ tone: 'safe', title: `Asked for a budget of ${measured(wanted)}` });
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title="Failover budget of the group">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Stack gap="md">
          <NumberInput
            label="Seconds"
            description={`From ${MIN_BUDGET_MS / SECOND} to ${MAX_BUDGET_MS / SECOND}; ${DEFAULT_BUDGET_MS / SECOND} where nothing else was set`}
            value={seconds}
            onChange={setSeconds}
            min={MIN_BUDGET_MS / SECOND}
            max={MAX_BUDGET_MS / SECOND}
            step={0.5}
            decimalScale={1}
            data-autofocus
          />
          {usable && (
            <Text size="sm" c="dimmed">
              Voters hear from the master every {measured(wanted / 10)} and stop waiting for it after{' '}
              {measured((wanted / 10) * 2)} to {measured((wanted / 10) * 4)}. Shorter: a new master sooner, more small
              messages, and false alarms where links are slow.
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!usable} loading={busy}>
              Set
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
};
