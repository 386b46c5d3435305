import { IconCrown } from '@tabler/icons-react';
import { Badge } from '../../components/badge.tsx';
import { Name } from '../../components/names.tsx';
import { toneClass } from '../../components/tone.ts';
import styles from './device-list.module.css';
import { DeviceMenu } from './device-menu.tsx';
import type { DeviceRow } from './devices-view.ts';

/** The devices of the group, one a row. */
export const DeviceList = ({ rows }: { readonly rows: readonly DeviceRow[] }) => (
  <ul className={styles.list}>
    {rows.map((row) => (
      <li
        key={row.device.id}
        className={`${styles.row} ${toneClass(row.tone)}`}
        data-here={row.device.self || row.device.online}
        data-device={row.device.name}
      >
        <span className={styles.dot} />
        <div className={styles.cell}>
          <div className={styles.name}>
            <Name bold>{row.device.name}</Name>
            {row.device.master && <IconCrown size={16} stroke={1.75} role="img" aria-label="Master" />}
          </div>
          <div className={styles.sub}>{row.presence}</div>
        </div>
        <div className={`${styles.cell} ${styles.needs}`}>
          {row.needs}
          {row.link !== '' && <div className={styles.sub}>{row.link}</div>}
        </div>
        <div className={styles.marks}>
          <Badge>{row.role}</Badge>
          {row.waits.map((words) => (
            <Badge key={words} tone="quiet">
              {words}
            </Badge>
          ))}
        </div>
        <div className={styles.menu}>
          <DeviceMenu device={row.device} />
        </div>
      </li>
    ))}
  </ul>
);
