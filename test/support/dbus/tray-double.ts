/** What a desktop's panel does for tray entries: takes their registration, shows them, and passes clicks on. */
import { BusConnection, busMethod, type Serve } from './connection.ts';
import type { DbusValue } from './wire.ts';

const WATCHER = 'org.kde.StatusNotifierWatcher';
const ITEM = { path: '/StatusNotifierItem', interface: 'org.kde.StatusNotifierItem' } as const;
const MENU = { path: '/com/canonical/dbusmenu', interface: 'com.canonical.dbusmenu' } as const;
const PROPERTIES = 'org.freedesktop.DBus.Properties';

type Properties = Readonly<Record<string, DbusValue>>;

/** One line of an entry's menu. */
export interface MenuLine {
  readonly id: number;
  readonly label: string;
  readonly enabled: boolean;
  readonly separator: boolean;
}

const byName = (pairs: DbusValue | undefined): Properties =>
  Object.fromEntries(pairs as readonly (readonly [string, DbusValue])[]);

/** An entry that a program registered. */
export class TrayEntry {
  readonly #bus: BusConnection;
  readonly #owner: string;

  constructor(bus: BusConnection, owner: string) {
    this.#bus = bus;
    this.#owner = owner;
  }

  /** What it says of itself. */
  async properties(): Promise<Properties> {
    const method = { destination: this.#owner, path: ITEM.path, interface: PROPERTIES, member: 'GetAll' };
    const [all] = await this.#bus.call(method, { signature: 's', body: [ITEM.interface] });
    return byName(all);
  }

  /** Its tooltip: an icon, the icon as pixels, the title, a text. */
  async toolTip(): Promise<string> {
    const { ToolTip } = await this.properties();
    return String((ToolTip as readonly DbusValue[])[2]);
  }

  /** Its icon; the pixels are bytes of alpha, red, green and blue. */
  async icon(): Promise<{ readonly width: number; readonly height: number; readonly pixels: string }> {
    const { IconPixmap } = await this.properties();
    const [first] = IconPixmap as readonly (readonly [number, number, readonly number[]])[];
    const [width = 0, height = 0, pixels = []] = first ?? [];
    return { width, height, pixels: Buffer.from(pixels).toString('hex') };
  }

  /** The lines of its menu. */
  async menu(): Promise<readonly MenuLine[]> {
    const method = { destination: this.#owner, ...MENU, member: 'GetLayout' };
    const [, root] = await this.#bus.call(method, { signature: 'iias', body: [0, -1, []] });
    const [, , children] = root as readonly [number, DbusValue, readonly (readonly [number, DbusValue, DbusValue])[]];
    return children.map(([id, pairs]) => {
      const { label = '', enabled = true, type = 'standard' } = byName(pairs);
      return { id, label: String(label), enabled: enabled === true, separator: type === 'separator' };
    });
  }

  /** Picks the line with this label. */
  async pick(label: string): Promise<void> {
    const line = (await this.menu()).find((one) => one.label === label);
    if (line === undefined) throw new Error(`there is no "${label}" in the menu`);
    const body = [line.id, 'clicked', { signature: 'i', value: 0 }, 0];
    await this.#bus.call({ destination: this.#owner, ...MENU, member: 'Event' }, { signature: 'isvu', body });
  }

  /** Presses the icon itself. */
  async press(): Promise<void> {
    await this.#bus.call({ destination: this.#owner, ...ITEM, member: 'Activate' }, { signature: 'ii', body: [0, 0] });
  }

  /** Whether the program that registered it is still there. */
  async isThere(): Promise<boolean> {
    const [owned] = await this.#bus.call(busMethod('NameHasOwner'), { signature: 's', body: [this.#owner] });
    return owned === true;
  }
}

/** The watcher that programs register their entries with. */
export class TrayDouble {
  readonly #bus: BusConnection;
  readonly #owners: readonly string[];

  private constructor(bus: BusConnection, owners: readonly string[]) {
    this.#bus = bus;
    this.#owners = owners;
  }

  /** Takes the watcher's name on the bus. `shows`: whether there is a panel that shows what is registered. */
  static async open(busPath: string, shows: boolean): Promise<TrayDouble> {
    const owners: string[] = [];
    const serve: Serve = ({ member, body, sender = '' }) => {
      if (member === 'RegisterStatusNotifierItem') {
        owners.push(sender);
        return { signature: '', body: [] };
      }
      const asked = member === 'Get' && body[1] === 'IsStatusNotifierHostRegistered';
      return asked ? { signature: 'v', body: [{ signature: 'b', value: shows }] } : null;
    };
    const bus = await BusConnection.open(busPath, serve);
    await bus.call(busMethod('RequestName'), { signature: 'su', body: [WATCHER, 0] });
    return new TrayDouble(bus, owners);
  }

  /** The entries that were registered, in their order. */
  entries(): readonly TrayEntry[] {
    return this.#owners.map((owner) => new TrayEntry(this.#bus, owner));
  }

  close(): void {
    this.#bus.close();
  }
}
