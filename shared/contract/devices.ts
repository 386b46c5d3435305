/** The devices of the group. */
import { z } from 'zod';
import { deviceSchema } from '../model/device.ts';
import { roleSchema } from '../model/values.ts';
import { base, decided, deviceRef, nameText } from './base.ts';

export const devicesContract = {
  list: base.output(z.array(deviceSchema).readonly()),
  /** Without a group: names this device for the group it will make or join. */
  rename: base.input(z.object({ device: deviceRef, name: nameText })).output(decided),
  remove: base.input(z.object({ device: deviceRef })).output(decided),
  setRole: base.input(z.object({ device: deviceRef, role: roleSchema })).output(decided),
};
