import type { ErrorCode } from '../../../../shared/errors.ts';
import type { BodyOf } from '../body.ts';
import { groupIdOf } from '../group-id.ts';
import type { OperationHeader } from '../operation.ts';
import type { GroupState } from '../state.ts';
import { isName } from './names.ts';

/**
 * Why a `group.create` does not found this group, or null where it does. The group's id binds founder and nonce, and the
 * founder is whom the log's first entry made the only voter.
 */
export function judgeFounding(
  state: GroupState,
  header: OperationHeader,
  body: BodyOf<'group.create'>,
): ErrorCode | null {
  if (groupIdOf(header.device, body.nonce) !== state.id) return 'operation-malformed';
  if (!state.electorate.has(header.device) || header.sequence !== 1) return 'operation-malformed';
  return isName(body.name) && isName(body.deviceName) ? null : 'name-invalid';
}
