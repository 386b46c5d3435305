import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAct } from '../../store/use-act.ts';
import styles from './first-run.module.css';

/** Names and starts a group. */
export const StartStep = ({ onBack }: { readonly onBack: () => void }) => {
  const { act, busy } = useAct();
  const [name, setName] = useState('Home group');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') void act((client) => client.group.create({ name: name.trim() }));
      }}
    >
      <h1 className={styles.title}>Start a new group</h1>
      <p className={styles.text}>A name for all your devices together: your home, your team, whatever you like.</p>
      <TextInput
        size="md"
        aria-label="Name of the group"
        value={name}
        maxLength={64}
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <div className={styles.buttons}>
        <Button size="md" variant="default" onClick={onBack}>
          Back
        </Button>
        <Button size="md" type="submit" loading={busy} disabled={name.trim() === ''}>
          Start it
        </Button>
      </div>
    </form>
  );
};
