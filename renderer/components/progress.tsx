import styles from './progress.module.css';
import { type Tone, toneClass } from './tone.ts';

/** How much of something is done: `share` from 0 to 1, `words` the same for those who don't see it. */
export const ProgressBar = (props: { readonly share: number; readonly words: string; readonly tone?: Tone }) => {
  const percent = Math.round(Math.min(1, Math.max(0, props.share)) * 1000) / 10;
  return (
    <div
      className={`${styles.track} ${toneClass(props.tone ?? 'moving')}`}
      role="progressbar"
      aria-label={props.words}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <div className={styles.fill} style={{ width: `${percent}%` }} />
    </div>
  );
};
