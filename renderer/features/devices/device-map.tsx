import { IconBrandApple, IconBrandWindows, IconCrown, IconDeviceDesktop } from '@tabler/icons-react';
import type { Device } from '../../../shared/model/device.ts';
import { Name } from '../../components/names.tsx';
import { LINK_WORDS } from '../../text/words.ts';
import styles from './device-map.module.css';
import { type MapLine, mapOf, nodeWords } from './map-view.ts';

const KINDS = ['lan', 'direct', 'relayed'] as const;

const lineWords = (line: MapLine): string => (line.kind === 'none' ? 'not connected' : LINK_WORDS[line.kind]);

/** By what runs on it, where it told. */
const PLATFORMS: Readonly<Record<string, typeof IconDeviceDesktop>> = {
  darwin: IconBrandApple,
  win32: IconBrandWindows,
};

const NodeIcon = ({ platform }: { readonly platform: string | null }) => {
  const Icon = (platform === null ? undefined : PLATFORMS[platform]) ?? IconDeviceDesktop;
  return <Icon size={22} stroke={1.5} aria-hidden />;
};

/** The devices as this computer sees them, with the links between them drawn by kind. */
export const DeviceMap = ({ devices }: { readonly devices: readonly Device[] }) => {
  const map = mapOf(devices);
  return (
    <>
      <figure
        className={styles.map}
        data-flat={map.lines.length < 3 ? '' : undefined}
        aria-label="Map of the devices and their links"
      >
        <svg className={styles.lines} viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          {map.lines.map((line) => (
            <line
              key={line.device}
              className={styles.line}
              data-kind={line.kind}
              x1={line.from.x}
              y1={line.from.y}
              x2={line.to.x}
              y2={line.to.y}
            />
          ))}
        </svg>
        {map.nodes.map(({ device, x, y }) => {
          const line = map.lines.find((one) => one.device === device.id);
          return (
            <div
              key={device.id}
              className={styles.node}
              data-self={device.self}
              data-here={device.self || device.online}
              style={{ left: `${x}%`, top: `${y}%` }}
              title={line ? lineWords(line) : 'This computer'}
            >
              <div className={styles.icon}>
                <NodeIcon platform={device.platform} />
                {device.master && (
                  <IconCrown className={styles.crown} size={20} stroke={1.75} role="img" aria-label="Master" />
                )}
              </div>
              <Name bold={device.self}>{device.name}</Name>
              <div className={styles.doing}>{nodeWords(device)}</div>
            </div>
          );
        })}
        {map.lines.map(
          (line) =>
            line.flow && (
              <span
                key={line.device}
                className={styles.flow}
                style={{ left: `${(line.from.x + line.to.x) / 2}%`, top: `${(line.from.y + line.to.y) / 2}%` }}
              >
                {line.flow.split('  ').map((way) => (
                  <span key={way}>{way}</span>
                ))}
              </span>
            ),
        )}
      </figure>
      <div className={styles.legend}>
        {KINDS.filter((kind) => map.lines.some((line) => line.kind === kind)).map((kind) => (
          <span key={kind} className={styles.key}>
            <svg width="28" height="8" aria-hidden="true">
              <line className={styles.line} data-kind={kind} x1="0" y1="4" x2="28" y2="4" />
            </svg>
            {LINK_WORDS[kind]}
          </span>
        ))}
        {map.lines.some((line) => line.kind === 'none') && (
          <span className={styles.key}>
            <svg width="28" height="8" aria-hidden="true">
              <line className={styles.line} data-kind="none" x1="1" y1="4" x2="28" y2="4" />
            </svg>
            Away
          </span>
        )}
        {map.more > 0 && <span>and {map.more} more in the list</span>}
      </div>
    </>
  );
};
