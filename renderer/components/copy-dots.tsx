import { Tooltip } from '@mantine/core';
import styles from './copy-dots.module.css';

/** One device's share of something, as its initials in a ring that is filled like a clock. */
export interface Dot {
  readonly device: string;
  readonly name: string;
  readonly initials: string;
  readonly share:
    | { readonly kind: 'none' | 'unknown' | 'complete' | 'paused' | 'stopped' }
    | { readonly kind: 'partial'; readonly share: number };
  readonly words: string;
}

const SIZE = 26;
const MIDDLE = SIZE / 2;
const RADIUS = 11;
const ROUND = 2 * Math.PI * RADIUS;

/** The ring around a device's initials: whole, as far as it has come, dashed where it does not hold it. */
const Ring = ({ share }: { readonly share: Dot['share'] }) => {
  const ring = { cx: MIDDLE, cy: MIDDLE, r: RADIUS, fill: 'none', strokeWidth: 2.5 } as const;
  switch (share.kind) {
    case 'none':
      return <circle {...ring} stroke="var(--line-strong)" strokeWidth={1} strokeDasharray="2 2.6" />;
    case 'unknown':
      return <circle {...ring} stroke="var(--line-strong)" strokeWidth={1} />;
    case 'complete':
      return <circle {...ring} fill="var(--safe-soft)" stroke="var(--safe-fill)" />;
    case 'paused':
      return <circle {...ring} fill="var(--quiet-soft)" stroke="var(--quiet-fill)" strokeDasharray="6 2.6" />;
    case 'stopped':
      return <circle {...ring} fill="var(--halted-soft)" stroke="var(--halted-fill)" strokeDasharray="6 2.6" />;
    case 'partial':
      return (
        <>
          <circle {...ring} stroke="var(--line)" />
          <circle
            {...ring}
            stroke="var(--moving-fill)"
            strokeDasharray={`${ROUND * share.share} ${ROUND}`}
            transform={`rotate(-90 ${MIDDLE} ${MIDDLE})`}
          />
        </>
      );
  }
};

/** Each device's initials in a ring filled by how much it has; each tells its name and numbers. */
export const CopyDots = ({ dots }: { readonly dots: readonly Dot[] }) => (
  <ul className={styles.dots} aria-label="Who has it">
    {dots.map((dot) => (
      <li key={dot.device}>
        <Tooltip label={`${dot.name} ${dot.words}`}>
          <svg
            className={styles.dot}
            data-share={dot.share.kind}
            width={SIZE}
            height={SIZE}
            viewBox={`0 0 ${SIZE} ${SIZE}`}
            role="img"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what it says on hover has to be reached by the keyboard
            tabIndex={0}
            aria-label={`${dot.name} ${dot.words}`}
          >
            <Ring share={dot.share} />
            <text className={styles.initials} x={MIDDLE} y={MIDDLE} textAnchor="middle" dominantBaseline="central">
              {dot.initials}
            </text>
          </svg>
        </Tooltip>
      </li>
    ))}
  </ul>
);
