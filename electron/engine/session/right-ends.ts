import type { DeviceId, FolderId } from '../../../shared/ids.ts';
import { MAX_OPERATION_BYTES } from '../../../shared/limits.ts';
import { encodeValue } from '../bytes/codec.ts';
import type { Access, BodyOf, OperationBody } from '../group/body.ts';
import { type LatestChanges, latestByFolderToValue, latestToValue } from '../group/latest-changes.ts';
import { grantedAccess, writeIntervals } from '../group/rights.ts';
import { canWriteNow, liveFolders, memberOf } from '../group/select.ts';
import type { Device, Folder } from '../group/state.ts';
import type { Indexes } from '../index/indexes.ts';
import type { Metadata } from '../metadata/metadata.ts';

/** What ending rights needs. */
export interface RightEndsDeps {
  readonly self: DeviceId;
  readonly indexes: Pick<Indexes, 'counters' | 'latestOf' | 'isReady'>;
  readonly metadata: Pick<Metadata, 'state' | 'waiting'>;
  decide(body: OperationBody): Promise<unknown>;
  problem(error: unknown): void;
}

/** Room for all of an operation but the names of changes. */
const REST_OF_OPERATION_BYTES = 1_024;

/**
 * Ends rights to write so that nothing which is signed afterwards counts: the operation names the last changes of the
 * device that the others have. Where an end could name none, since whoever asked for it did not hold the folder nor
 * reached anybody who does, the device of the folder's owner names them once it knows of that end.
 */
export class RightEnds {
  readonly #deps: RightEndsDeps;
  /** Ends that this run has told more of: folder, device, log index. */
  readonly #told = new Set<string>();

  constructor(deps: RightEndsDeps) {
    this.#deps = deps;
  }

  /** The operation that gives the device an access in the folder. */
  async access(folder: FolderId, device: DeviceId, access: Access): Promise<BodyOf<'folder.setAccess'>> {
    const body = { kind: 'folder.setAccess', folder, device, access } as const;
    if (access === 'readWrite') return { ...body, closing: null };
    const latest = (await this.#deps.indexes.latestOf(device, [folder])).get(folder);
    return { ...body, closing: this.#closing(device), ...(latest === undefined ? {} : { latest }) };
  }

  /** The operation that removes the device; of oneself: with which it leaves. */
  async removal(device: DeviceId): Promise<BodyOf<'device.remove'>> {
    const state = this.#deps.metadata.state();
    const writes = liveFolders(state).filter(({ id }) => canWriteNow(state, id, device));
    const named = await this.#deps.indexes.latestOf(
      device,
      writes.map(({ id }) => id),
    );
    const latest = withRoom(named);
    return {
      kind: 'device.remove',
      device,
      closing: this.#closing(device),
      ...(latest.size === 0 ? {} : { latest }),
    };
  }

  /** The log has grown: names what ends in own folders left unnamed. */
  onState(): void {
    const { self, indexes, problem } = this.#deps;
    const state = this.#deps.metadata.state();
    for (const folder of liveFolders(state)) {
      if (folder.owner !== self || !indexes.isReady(folder.id)) continue;
      for (const device of state.devices.values()) {
        const end = device.id === self ? null : unnamedEnd(folder, device);
        const name = `${folder.id} ${device.id} ${end}`;
        if (end === null || this.#told.has(name) || this.#isUnderWay(folder.id, device.id)) continue;
        this.#told.add(name);
        this.#tellMore(folder, device).catch(problem);
      }
    }
  }

  async #tellMore(folder: Folder, device: Device): Promise<void> {
    const state = this.#deps.metadata.state();
    const access = memberOf(state, device.id) === null ? 'none' : grantedAccess(folder, device.id);
    if (access === 'readWrite') return;
    await this.#deps.decide(await this.access(folder.id, device.id, access));
  }

  #isUnderWay(folder: FolderId, device: DeviceId): boolean {
    return this.#deps.metadata
      .waiting()
      .some(({ body }) => body.kind === 'folder.setAccess' && body.folder === folder && body.device === device);
  }

  #closing(device: DeviceId): number {
    return this.#deps.indexes.counters.highest(device);
  }
}

/** Log index at which the device's right ended without any change named; null where none did. */
function unnamedEnd(folder: Folder, device: Device): number | null {
  const end = writeIntervals(folder, device).at(-1)?.end ?? null;
  return end !== null && end.latest === null ? end.at : null;
}

/** As many folders as an operation has room for, those with the fewest names first: the owners name the others later. */
function withRoom(named: ReadonlyMap<FolderId, LatestChanges>): ReadonlyMap<FolderId, LatestChanges> {
  const size = (latest: LatestChanges): number => encodeValue(latestToValue(latest)).byteLength;
  const room = MAX_OPERATION_BYTES - REST_OF_OPERATION_BYTES;
  const kept = new Map<FolderId, LatestChanges>();
  for (const [folder, latest] of [...named].sort(([, a], [, b]) => size(a) - size(b))) {
    kept.set(folder, latest);
    if (encodeValue(latestByFolderToValue(kept)).byteLength <= room) continue;
    kept.delete(folder);
    break;
  }
  return kept;
}
