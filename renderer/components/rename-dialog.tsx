import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';

/** Asks for a new name. */
export const RenameDialog = (props: {
  readonly what: string;
  readonly name: string;
  readonly note: string;
  readonly onRename: (name: string) => void;
  readonly onClose: () => void;
}) => {
  const [name, setName] = useState(props.name);
  const usable = name.trim() !== '' && name.trim() !== props.name;
  return (
    <Modal opened onClose={props.onClose} title={`Rename ${props.what}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!usable) return;
          props.onRename(name.trim());
          props.onClose();
        }}
      >
        <TextInput
          label="New name"
          description={props.note}
          value={name}
          data-autofocus
          maxLength={128}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={!usable}>
            Rename
          </Button>
        </Group>
      </form>
    </Modal>
  );
};
