import type { TruthTone } from '../../shared/model/truth.ts';
import styles from './tones.module.css';

/** The meaning of a colour. Never the only sign: an icon or words say the same. */
export type Tone = TruthTone;

/** The class that gives `--tone`, `--tone-fill` and `--tone-soft` their colours. */
export const toneClass = (tone: Tone): string => styles[tone] ?? '';
