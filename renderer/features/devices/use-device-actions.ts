import { named } from '../../../shared/model/amounts.ts';
import type { Device } from '../../../shared/model/device.ts';
import type { Role } from '../../../shared/model/values.ts';
import { useConfirm } from '../../components/confirm.tsx';
import { useToast } from '../../components/toasts.tsx';
import { type Asked, toastOf, useAct } from '../../store/use-act.ts';

/** What can be done with a device of the group. */
export const useDeviceActions = (device: Device) => {
  const { act } = useAct();
  const confirm = useConfirm();
  const toast = useToast();
  const name = device.self ? 'this computer' : named(device.name);

  const say = async (asked: Promise<Asked | null>, title: string): Promise<void> => {
    const done = await asked;
    if (done) toast(toastOf(done, title));
  };

  return {
    rename: (to: string) => {
      void say(
        act((client) => client.devices.rename({ device: device.id, name: to })),
        `Renamed to ${named(to)}`,
      );
    },
    setRole: (role: Role) => {
      void say(
        act((client) => client.devices.setRole({ device: device.id, role })),
        `${named(device.name)} is ${role === 'admin' ? 'an admin' : 'a member'}`,
      );
    },
    remove: () =>
      confirm({
        title: `Take ${name} out of the group?`,
        text: 'Its rights, folders and links end at once on all devices. It needs a new invite to come back.',
        files: 'What it already holds stays on it. No file is deleted anywhere.',
        verb: 'Take it out',
        danger: true,
        go: () => {
          void say(
            act((client) => client.devices.remove({ device: device.id })),
            `${named(device.name)} is out of the group`,
          );
        },
      }),
  };
};
