import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';

/** A question before something that can't be taken back. `files` says exactly what happens to files. */
export interface Question {
  readonly title: string;
  readonly text: string;
  readonly files: string;
  /** The words on the button that does it. */
  readonly verb: string;
  readonly danger?: boolean;
  readonly go: () => void;
}

type Ask = (question: Question) => void;
const ConfirmContext = createContext<Ask>(() => undefined);

/** Asks before doing. */
export const useConfirm = (): Ask => useContext(ConfirmContext);

/** Holds the one question that can be open. */
export const ConfirmProvider = ({ children }: { readonly children: ReactNode }) => {
  const [question, setQuestion] = useState<Question | null>(null);
  const [open, setOpen] = useState(false);
  const ask = useCallback<Ask>((asked) => {
    setQuestion(asked);
    setOpen(true);
  }, []);
  return (
    <ConfirmContext value={ask}>
      {children}
      <Modal opened={open} onClose={() => setOpen(false)} title={question?.title}>
        <Stack gap="sm">
          <Text size="sm">{question?.text}</Text>
          <Text size="sm" fw={600}>
            {question?.files}
          </Text>
          <Group justify="flex-end" mt="xs">
            <Button variant="default" data-autofocus onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <Button
              color={question?.danger ? 'var(--danger-button)' : 'iris'}
              onClick={() => {
                setOpen(false);
                question?.go();
              }}
            >
              {question?.verb}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </ConfirmContext>
  );
};
