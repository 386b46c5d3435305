import { IconAlertTriangle, IconArrowsExchange, IconCircleCheck, IconClock, IconHandStop } from '@tabler/icons-react';
import type { Tone } from '../../components/tone.ts';

const ICONS = {
  safe: IconCircleCheck,
  moving: IconArrowsExchange,
  quiet: IconClock,
  needsYou: IconAlertTriangle,
  halted: IconHandStop,
} satisfies Record<Tone, unknown>;

/** The sign of a tone, for those to whom its colour says nothing. */
export const StatusIcon = ({ tone }: { readonly tone: Tone }) => {
  const Icon = ICONS[tone];
  return <Icon size={16} stroke={2} aria-hidden />;
};
