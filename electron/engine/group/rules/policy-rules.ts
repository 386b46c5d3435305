import type { ErrorCode } from '../../../../shared/errors.ts';
import { MAX_BUDGET_MS, MAX_RULES, MIN_BUDGET_MS } from '../../../../shared/limits.ts';
import type { BodyOf } from '../body.ts';
import type { Device, GroupState } from '../state.ts';
import { missingFolder } from './folder-rules.ts';

export function judgePolicy(author: Device, body: BodyOf<'policy.set'>): ErrorCode | null {
  if (author.role !== 'admin') return 'not-admin';
  return body.budgetMs < MIN_BUDGET_MS || body.budgetMs > MAX_BUDGET_MS ? 'budget-out-of-range' : null;
}

/**
 * Admins raise the rules, of the group or of a folder's tree, and only upwards. Numbers that this program does not know
 * are accepted like others, so that all devices agree on where the new rules begin; what follows then waits for an update.
 */
export function judgeRaise(state: GroupState, author: Device, body: BodyOf<'rules.raise'>): ErrorCode | null {
  if (author.role !== 'admin') return 'not-admin';
  if (body.folder !== null) {
    const missing = missingFolder(state, body.folder);
    if (missing !== null) return missing;
  }
  const current = body.folder === null ? state.rules : (state.folders.get(body.folder)?.rules ?? 0);
  return body.rules > current && body.rules <= MAX_RULES ? null : 'rules-not-raised';
}
