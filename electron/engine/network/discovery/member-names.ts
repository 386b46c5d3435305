import type { DeviceId } from '../../../../shared/ids.ts';
import { fromHex, toHex } from '../../bytes/hex.ts';
import { hourOf, hoursAround, memberInstance } from './instance-name.ts';

/** A group's devices that are looked for. */
export interface SoughtMembers {
  readonly group: Uint8Array;
  readonly members: readonly DeviceId[];
}

/** Knows which member announces itself under which name this hour and the hours beside it. */
export class MemberNames {
  #key = '';
  #names = new Map<string, DeviceId>();

  /** The member behind an announced name, or null. */
  find(instance: string, sought: readonly SoughtMembers[], now: number): DeviceId | null {
    const key = [hourOf(now), ...sought.map(({ group, members }) => `${toHex(group)}:${members.join()}`)].join(' ');
    if (key !== this.#key) {
      this.#key = key;
      this.#names = new Map();
      for (const { group, members } of sought) {
        for (const device of members) {
          for (const hour of hoursAround(now)) this.#names.set(memberInstance(group, fromHex(device), hour), device);
        }
      }
    }
    return this.#names.get(instance) ?? null;
  }
}
