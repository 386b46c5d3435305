/** What all scripted procedures begin with: calls are noted, refusals that were asked for happen, and the state changes. */
import { implement } from '@orpc/server';
import { contract } from '../../../shared/contract/contract.ts';
import type { ErrorCode } from '../../../shared/errors.ts';
import type { AppState } from '../../../shared/model/app-state.ts';
import type { DecisionState } from '../../../shared/model/values.ts';
import { refusal, requirements } from './requirements.ts';
import type { ScriptedState } from './scripted-state.ts';

/** The base of a router over the state. */
export const scriptedBase = (scripted: ScriptedState) => {
  const os = implement(contract).use(({ next, path }, input) => {
    const procedure = path.join('.');
    if (procedure !== 'watch') scripted.calls.push({ procedure, input });
    const code = scripted.refusals.get(procedure);
    if (code !== undefined) {
      scripted.refusals.delete(procedure);
      throw refusal(code);
    }
    return next();
  });
  const change = (how: (before: AppState) => AppState): Record<string, never> => {
    scripted.update(how);
    return {};
  };
  const decided = (refused: ErrorCode | null): DecisionState => {
    if (refused !== null) throw refusal(refused);
    return scripted.current.master.quorate ? 'committed' : 'waiting';
  };
  /** What the group decides; `refused`: what it would say to it now, which is said also where it can't decide. */
  const decide = (refused: ErrorCode | null, how: (before: AppState) => AppState): { state: DecisionState } => {
    const state = decided(refused);
    if (state === 'committed') change(how);
    return { state };
  };
  /** The same, with what is so on this computer at once. */
  const decideFromHere = (refused: ErrorCode | null, how: (before: AppState) => AppState): { state: DecisionState } => {
    const state = decided(refused);
    change(how);
    return { state };
  };
  return { os, scripted, require: requirements(() => scripted.current), change, decide, decideFromHere };
};

export type ScriptedBase = ReturnType<typeof scriptedBase>;
