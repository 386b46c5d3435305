import { Tooltip } from '@mantine/core';
import styles from './copy-dots.module.css';

/** One device's share of something, as a dot filled like a clock. `share` null: it holds none. */
export interface Dot {
  readonly device: string;
  readonly name: string;
  readonly share: number | null;
  readonly words: string;
}

const RADIUS = 5.5;
const ROUND = 2 * Math.PI * (RADIUS / 2);

const DotMark = ({ share }: { readonly share: number | null }) => {
  if (share === null) {
    return (
      <circle
        cx="8"
        cy="8"
        r={RADIUS}
        fill="none"
        stroke="var(--line-strong)"
        strokeWidth="1.25"
        strokeDasharray="2 2.3"
      />
    );
  }
  if (share >= 1) return <circle cx="8" cy="8" r="6.25" fill="var(--safe-fill)" />;
  return (
    <>
      <circle cx="8" cy="8" r="6" fill="none" stroke="var(--moving-fill)" strokeWidth="1.25" />
      <circle
        cx="8"
        cy="8"
        r={RADIUS / 2}
        fill="none"
        stroke="var(--moving-fill)"
        strokeWidth={RADIUS}
        strokeDasharray={`${ROUND * share} ${ROUND}`}
        transform="rotate(-90 8 8)"
      />
    </>
  );
};

/** A dot for each device, filled by how much it has; each tells its name and numbers. */
export const CopyDots = ({ dots }: { readonly dots: readonly Dot[] }) => (
  <ul className={styles.dots} aria-label="Who has it">
    {dots.map((dot) => (
      <li key={dot.device}>
        <Tooltip label={`${dot.name} ${dot.words}`}>
          <svg
            className={styles.dot}
            width="16"
            height="16"
            viewBox="0 0 16 16"
            role="img"
            aria-label={`${dot.name} ${dot.words}`}
          >
            <DotMark share={dot.share} />
          </svg>
        </Tooltip>
      </li>
    ))}
  </ul>
);
