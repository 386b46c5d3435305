import {
  IconActivity,
  IconArrowDown,
  IconArrowUp,
  IconCrown,
  IconDeviceLaptop,
  IconDevices,
  IconFolders,
  IconGitFork,
  IconSettings,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { count, rate } from '../../shared/model/amounts.ts';
import { needsOf } from '../../shared/model/truth.ts';
import { Mark } from '../components/mark.tsx';
import { Name } from '../components/names.tsx';
import { formatRoute, type Route } from '../store/route.ts';
import { useApp } from '../store/store-context.tsx';
import styles from './sidebar.module.css';

const ICON = { size: 20, stroke: 1.75, 'aria-hidden': true } as const;

type Simple = Exclude<Route, { screen: 'folder' }>['screen'];

const Item = (props: {
  readonly to: Simple;
  readonly here: boolean;
  readonly icon: ReactNode;
  readonly label: string;
  readonly count?: number;
  readonly needs?: boolean;
}) => (
  <a
    className={styles.item}
    href={formatRoute({ screen: props.to })}
    aria-current={props.here ? 'page' : undefined}
    title={props.label}
  >
    {props.icon}
    <span className={styles.label}>{props.label}</span>
    {props.count !== undefined && props.count > 0 && (
      <span className={styles.count} data-needs={props.needs ? '' : undefined}>
        {count(props.count)}
      </span>
    )}
  </a>
);

/** The group's name, the screens with what they count, and this computer with what flows. */
export const Sidebar = ({ route }: { readonly route: Route }) => {
  const state = useApp();
  const here = route.screen === 'folder' ? 'folders' : route.screen;
  const needs = needsOf(state);
  return (
    <nav className={styles.side} aria-label="Screens">
      <div className={styles.group}>
        <span className={styles.mark}>
          <Mark />
        </span>
        <span className={styles.groupName} style={{ minWidth: 0 }}>
          <Name>{state.group?.name ?? 'Flotilla'}</Name>
        </span>
      </div>
      <Item
        to="folders"
        here={here === 'folders'}
        icon={<IconFolders {...ICON} />}
        label="Folders"
        count={state.folders.length}
      />
      <Item
        to="devices"
        here={here === 'devices'}
        icon={<IconDevices {...ICON} />}
        label="Devices"
        count={state.requests.length > 0 ? state.requests.length : state.devices.length}
        needs={state.requests.length > 0}
      />
      <Item
        to="master"
        here={here === 'master'}
        icon={<IconCrown {...ICON} />}
        label="Master"
        count={state.waiting.length}
      />
      <Item
        to="conflicts"
        here={here === 'conflicts'}
        icon={<IconGitFork {...ICON} />}
        label="Conflicts"
        count={state.conflictCount}
        needs
      />
      <Item
        to="activity"
        here={here === 'activity'}
        icon={<IconActivity {...ICON} />}
        label="Activity"
        count={needs.problems + needs.halted.length}
        needs
      />
      <div className={styles.gap} />
      {state.self.runtimeNote && <div className={styles.note}>{state.self.runtimeNote}</div>}
      <Item to="settings" here={here === 'settings'} icon={<IconSettings {...ICON} />} label="Settings" />
      <div className={styles.own}>
        <IconDeviceLaptop {...ICON} />
        <div className={styles.ownText}>
          <Name bold>{state.self.name}</Name>
          <div className={styles.rates}>
            <span>
              <IconArrowUp size={12} stroke={2} aria-label="Sending" role="img" /> {rate(state.rates.upBps)}
            </span>
            <span>
              <IconArrowDown size={12} stroke={2} aria-label="Receiving" role="img" /> {rate(state.rates.downBps)}
            </span>
          </div>
        </div>
      </div>
    </nav>
  );
};
