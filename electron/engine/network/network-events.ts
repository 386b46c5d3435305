import type { ErrorCode } from '../../../shared/errors.ts';
import type { DeviceId, GroupId } from '../../../shared/ids.ts';
import type { StartStatement } from './start-statement.ts';

/** What the network tells beside the events of the port. */
export type NetworkEvent =
  /**
   * A link could not be made or was ended for a reason that a person may want to know: `peer-too-old`, `update-needed`
   * (this program is too old for the device), `peer-protocol` (garbage), `peer-not-admitted` (the device is not in this
   * one's registry), `not-a-member` (this one is not in the device's).
   */
  | { readonly type: 'problem'; readonly code: ErrorCode; readonly device: DeviceId | null }
  /** A device of the group says that this one was removed from it. */
  | { readonly type: 'removed'; readonly group: GroupId; readonly device: DeviceId }
  /** A higher start of a device than was known: to be kept over restarts and given back as `knownStart`. */
  | { readonly type: 'seen-start'; readonly device: DeviceId; readonly statement: StartStatement }
  /**
   * Somebody showed a statement that this device signed and that does not fit this run: of a later start (`restored`), of
   * this start with another instance, or of an engine that runs now with this device's key (`cloned`).
   */
  | {
      readonly type: 'own-start';
      readonly group: GroupId;
      readonly verdict: 'restored' | 'cloned';
      readonly shown: StartStatement;
    }
  /** Two running engines have the device's key. */
  | { readonly type: 'twin'; readonly device: DeviceId };
