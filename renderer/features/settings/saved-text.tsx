import { Button, Group, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';

/** A text that is saved with a button, which shows once it differs. */
export const SavedText = (props: {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly mayBeEmpty: boolean;
  /** What is wrong with a text; null when it is good. */
  readonly wrong: (text: string) => string | null;
  readonly onSave: (text: string) => void;
}) => {
  const [text, setText] = useState(props.value);
  useEffect(() => setText(props.value), [props.value]);
  const wrong = props.wrong(text);
  const changed = text.trim() !== props.value;
  const usable = changed && wrong === null && (props.mayBeEmpty || text.trim() !== '');
  return (
    <form
      style={{ width: '100%' }}
      onSubmit={(event) => {
        event.preventDefault();
        if (usable) props.onSave(text.trim());
      }}
    >
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <TextInput
          style={{ flex: 1, minWidth: 0 }}
          aria-label={props.label}
          value={text}
          placeholder={props.placeholder ?? ''}
          error={wrong}
          spellCheck={false}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {changed && (
          <Button type="submit" disabled={!usable}>
            Save
          </Button>
        )}
      </Group>
    </form>
  );
};
