import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { bytes, named, plural } from '../../../shared/model/amounts.ts';
import type { Folder } from '../../../shared/model/folder.ts';
import { PlaceField } from '../../components/place-field.tsx';
import { usePlaces } from '../../store/use-places.tsx';
import { useFolderActions } from './use-folder-actions.ts';

/** Asks where on this disk an offered folder should lie. `suggestion`: a path that would do. */
export const AcceptDialog = (props: {
  readonly folder: Folder;
  readonly suggestion: string;
  readonly onClose: () => void;
}) => {
  const { folder } = props;
  const [path, setPath] = useState(props.suggestion);
  const actions = useFolderActions(folder);
  const places = usePlaces(`Where should ${folder.name} lie?`, setPath);
  return (
    <Modal opened onClose={props.onClose} title={`Accept ${named(folder.name)}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (path.trim() === '') return;
          actions.accept(path.trim());
          props.onClose();
        }}
      >
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {plural(folder.files, 'file')}, {bytes(folder.bytes)}
          </Text>
          <PlaceField
            label="Where on this computer?"
            hint="A new directory, or one that has files already: equal ones are not copied again, others are added to the folder."
            value={path}
            onChange={setPath}
            onChoose={places.choose}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={path.trim() === ''}>
              Accept
            </Button>
          </Group>
        </Stack>
      </form>
      {places.dialog}
    </Modal>
  );
};
