import { Button, TextInput } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';

/** A field for a directory, with a button that lets the person choose one. */
export const PlaceField = (props: {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onChange: (path: string) => void;
  readonly onChoose: () => void;
}) => (
  <TextInput
    label={props.label}
    description={props.hint}
    value={props.value}
    onChange={(event) => props.onChange(event.currentTarget.value)}
    spellCheck={false}
    autoComplete="off"
    rightSectionWidth={112}
    rightSection={
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconFolderOpen size={16} aria-hidden />}
        onClick={props.onChoose}
      >
        Choose…
      </Button>
    }
  />
);
