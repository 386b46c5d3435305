/** What the page may say to the tray. */
import { z } from 'zod';
import type { Glance } from '../../shared/contract/bridge.ts';

/** A tooltip and a menu entry show about so much; on Windows less. */
const MOST_CHARACTERS = 120;

const cut = (text: string): string => {
  const characters = [...text];
  return characters.length > MOST_CHARACTERS ? `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…` : text;
};

const GlanceShape = z.object({
  sentence: z.string().max(65_536).transform(cut),
  tone: z.enum(['safe', 'moving', 'quiet', 'needsYou', 'halted']),
});

/** The glance, cut to what a tray shows; null where it is none. */
export const readGlance = (value: unknown): Glance | null => {
  const read = GlanceShape.safeParse(value);
  return read.success ? read.data : null;
};
