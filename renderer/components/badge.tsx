import type { ReactNode } from 'react';
import styles from './badge.module.css';
import { type Tone, toneClass } from './tone.ts';

/** A short mark: words on a tinted ground, with an icon where there is one. */
export const Badge = (props: { readonly tone?: Tone; readonly icon?: ReactNode; readonly children: ReactNode }) => (
  <span className={`${styles.badge} ${toneClass(props.tone ?? 'quiet')}`}>
    {props.icon}
    {props.children}
  </span>
);
