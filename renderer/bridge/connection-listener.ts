import type { ContractClient } from '../../shared/contract/contract.ts';
import type { ErrorCode } from '../../shared/errors.ts';

/** What a transport tells about the engine at its other end. */
export interface ConnectionListener {
  /** A new connection stands; an earlier one is not used any more. */
  onConnected(client: ContractClient): void;
  /** The connection is gone; the transport goes on trying. */
  onLost(): void;
  /** The engine said why it can't run. */
  onFailed(code: ErrorCode, message: string): void;
}
