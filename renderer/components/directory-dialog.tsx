import { Button, Group, Modal, Skeleton, UnstyledButton } from '@mantine/core';
import { IconCornerLeftUp, IconFolder } from '@tabler/icons-react';
import styles from './directory-dialog.module.css';
import { Name, PathName } from './names.tsx';

/** A directory with those in it. */
export interface Listing {
  readonly path: string;
  readonly parent: string | null;
  readonly directories: readonly { readonly name: string; readonly path: string }[];
}

/** Lets a person choose a directory on the engine's disk, where no dialog of the system can. */
export const DirectoryDialog = (props: {
  readonly title: string;
  readonly opened: boolean;
  readonly listing: Listing | null;
  readonly onOpen: (path: string) => void;
  readonly onChoose: (path: string) => void;
  readonly onClose: () => void;
}) => {
  const { listing } = props;
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title} zIndex={300}>
      {listing ? <PathName path={listing.path} /> : <Skeleton height={20} />}
      <div className={styles.list}>
        {listing?.parent && (
          <UnstyledButton className={styles.item} onClick={() => props.onOpen(listing.parent ?? '')}>
            <IconCornerLeftUp size={18} stroke={1.75} aria-hidden />
            Up one directory
          </UnstyledButton>
        )}
        {listing?.directories.map((directory) => (
          <UnstyledButton key={directory.path} className={styles.item} onClick={() => props.onOpen(directory.path)}>
            <IconFolder size={18} stroke={1.75} aria-hidden />
            <Name>{directory.name}</Name>
          </UnstyledButton>
        ))}
      </div>
      <Group justify="flex-end">
        <Button variant="default" onClick={props.onClose}>
          Cancel
        </Button>
        <Button disabled={!listing} onClick={() => listing && props.onChoose(listing.path)}>
          Choose this directory
        </Button>
      </Group>
    </Modal>
  );
};
