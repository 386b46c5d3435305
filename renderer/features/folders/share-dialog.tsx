import { Button, Group, Modal, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import type { Access } from '../../../shared/model/values.ts';
import { PlaceField } from '../../components/place-field.tsx';
import { usePlaces } from '../../store/use-places.tsx';
import { nameOfPath, useShare } from '../../store/use-share.ts';

const MEANING: Readonly<Record<Access, string>> = {
  readWrite: 'Every device may change the files, also devices that join later.',
  readOnly: 'The others get the files and your changes; what they change stays with them.',
  none: 'Nobody sees it until you give a device access.',
};

/** Shares a directory: where it lies, what it is called, and what the others may do. `name`: what was dropped. */
export const ShareDialog = ({
  name: dropped,
  onClose,
}: {
  readonly name: string | null;
  readonly onClose: () => void;
}) => {
  const [path, setPath] = useState('');
  const [name, setName] = useState(dropped ?? '');
  const [access, setAccess] = useState<Access>('readWrite');
  const accessLabel = useId();
  const { share, busy } = useShare();
  const places = usePlaces('Which directory should be shared?', setPath);
  const send = async (): Promise<void> => {
    if (await share([path.trim()], access, name.trim())) onClose();
  };
  return (
    <Modal opened onClose={onClose} title={dropped ? `Where does ${dropped} lie?` : 'Share a folder'}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Stack gap="md">
          <PlaceField
            label="Directory on this computer"
            hint="It stays where it is, and what is in it is kept the same on the others."
            value={path}
            onChange={setPath}
            onChoose={places.choose}
          />
          <TextInput
            label="Name for the group"
            value={name}
            placeholder={path === '' ? 'The directory’s own name' : nameOfPath(path)}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <div>
            <Text size="sm" fw={500} id={accessLabel} mb={4}>
              What the others may do
            </Text>
            <SegmentedControl
              fullWidth
              aria-labelledby={accessLabel}
              value={access}
              onChange={(value) => setAccess(value as Access)}
              data={[
                { value: 'readWrite', label: 'Change' },
                { value: 'readOnly', label: 'Read only' },
                { value: 'none', label: 'Nothing yet' },
              ]}
            />
            <Text size="xs" c="dimmed" mt={4}>
              {MEANING[access]}
            </Text>
          </div>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={path.trim() === ''} loading={busy}>
              Share
            </Button>
          </Group>
        </Stack>
      </form>
      {places.dialog}
    </Modal>
  );
};
