import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useApp } from '../../store/store-context.tsx';
import { useAct } from '../../store/use-act.ts';
import styles from './first-run.module.css';

/** Names this computer. */
export const NameStep = ({ onNamed }: { readonly onNamed: () => void }) => {
  const { self } = useApp();
  const { act, busy } = useAct();
  const [name, setName] = useState(self.name);
  const send = async (): Promise<void> => {
    const wanted = name.trim();
    if (wanted === '') return;
    if (wanted !== self.name) {
      const done = await act((client) => client.devices.rename({ device: self.id, name: wanted }));
      if (!done) return;
    }
    onNamed();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <h1 className={styles.title}>What is this computer called?</h1>
      <p className={styles.text}>Your other devices show it by this name. You can change it later.</p>
      <TextInput
        size="md"
        aria-label="Name of this computer"
        value={name}
        maxLength={64}
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <div className={styles.buttons}>
        <span />
        <Button size="md" type="submit" loading={busy} disabled={name.trim() === ''}>
          Go on
        </Button>
      </div>
    </form>
  );
};
