import { ActionIcon, Popover, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** A mark that explains a term in a sentence when pressed. */
export const InfoMark = ({ about, children }: { readonly about: string; readonly children: ReactNode }) => (
  <Popover width={320} position="bottom" withArrow withinPortal>
    <Popover.Target>
      <ActionIcon variant="subtle" color="gray" c="dimmed" size={24} aria-label={`What is ${about}?`}>
        <IconInfoCircle size={16} stroke={1.75} aria-hidden />
      </ActionIcon>
    </Popover.Target>
    <Popover.Dropdown>
      <Text size="sm" component="div">
        {children}
      </Text>
    </Popover.Dropdown>
  </Popover>
);
