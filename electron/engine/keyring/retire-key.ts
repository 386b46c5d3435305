import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { KEY_FILE } from './device-key.ts';

/** Puts the device's key aside, so that the next start makes a new one: this home joins anew as another device. */
export function retireDeviceKey(home: string, suffix: string): void {
  renameSync(join(home, KEY_FILE), join(home, `${KEY_FILE}.retired-${suffix}`));
}
