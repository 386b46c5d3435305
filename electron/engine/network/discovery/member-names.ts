import type { DeviceId } from '../../../../shared/ids.ts';
import { fromHex } from '../../bytes/hex.ts';
import { hourOf, hoursAround, memberInstance } from './instance-name.ts';

/** Knows which member announces itself under which name this hour and the hours beside it. */
export class MemberNames {
  #key = '';
  #names = new Map<string, DeviceId>();

  /** The member behind an announced name, or null. */
  find(instance: string, group: Uint8Array, members: readonly DeviceId[], now: number): DeviceId | null {
    const key = `${hourOf(now)}:${Buffer.from(group).toString('hex')}:${members.join()}`;
    if (key !== this.#key) {
      this.#key = key;
      this.#names = new Map();
      for (const device of members) {
        for (const hour of hoursAround(now)) this.#names.set(memberInstance(group, fromHex(device), hour), device);
      }
    }
    return this.#names.get(instance) ?? null;
  }
}
