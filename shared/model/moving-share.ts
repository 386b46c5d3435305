import type { AppState } from './app-state.ts';

/**
 * How much of what the devices that are here lack something of has come to them, from 0 to 1; null where nothing is to
 * come, or nothing that has a measure. Pure; the window and the command line say the same.
 */
export const movingShare = ({ devices, folders }: Pick<AppState, 'devices' | 'folders'>): number | null => {
  const here = new Set(devices.filter((device) => device.self || device.online).map(({ id }) => id));
  const coming = folders.flatMap(({ bytes, holders }) =>
    holders
      .filter((one) => one.holds && one.state === 'working' && one.needBytes > 0 && here.has(one.device))
      // What has arrived of a file that is not whole yet is among neither what it has nor what it needs.
      .map(({ haveBytes, needBytes }) => ({ needBytes, whole: Math.max(bytes, haveBytes + needBytes) })),
  );
  const need = coming.reduce((sum, one) => sum + one.needBytes, 0);
  const whole = coming.reduce((sum, one) => sum + one.whole, 0);
  return need === 0 ? null : (whole - need) / whole;
};
