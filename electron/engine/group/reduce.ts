import { assertNever, invariant } from '../../../shared/invariant.ts';
import { adjusted } from '../consensus/electorate.ts';
import type { LogEntry } from '../consensus/entry.ts';
import { type DecodedOperation, decodeOperation, isSignedByAuthor } from './operation.ts';
import type { JudgedOperation, Outcome } from './outcome.ts';
import { judgeFounding } from './rules/founding.ts';
import { judge } from './rules/judge.ts';
import { isMember } from './select.ts';
import { type GroupState, KNOWN_REDUCER_RULES } from './state.ts';
import { recordJudged } from './transforms/device-transforms.ts';
import { transform } from './transforms/transform.ts';

/** What the reducer needs of a committed entry. */
export type AppliedEntry = Pick<LogEntry, 'generation' | 'index' | 'term' | 'stamp' | 'master' | 'body'>;

/** A step of the reducer: where the outcome is `updateNeeded`, the state is the one before. */
export interface Applied {
  readonly state: GroupState;
  readonly outcome: Outcome;
}

type Readable = Extract<DecodedOperation, { type: 'operation' }>;

/**
 * Judges and applies the next committed entry. A pure function of the log: it reads no clock and no randomness, and
 * every device that applies the same entries has the same state. Entries come once each and in order.
 */
export function applyEntry(state: GroupState, entry: AppliedEntry): Applied {
  invariant(entry.index === state.applied.index + 1, 'entries are applied in order, each once');
  if (state.rules > KNOWN_REDUCER_RULES)
    return { state, outcome: { type: 'updateNeeded', what: `rules ${state.rules}` } };
  const done = applyBody(state, entry);
  if (done.outcome.type === 'updateNeeded') return { state, outcome: done.outcome };
  const { generation, index, term, stamp } = entry;
  return { state: { ...done.state, applied: { generation, index, term, stamp } }, outcome: done.outcome };
}

function applyBody(state: GroupState, entry: AppliedEntry): Applied {
  const { body } = entry;
  // The first entry makes its master the only voter (Raft thesis, 4.2, with one server).
  const begun: GroupState = entry.index === 1 ? { ...state, electorate: new Map([[entry.master, 1]]) } : state;
  switch (body.type) {
    case 'term.begin':
      return { state: begun, outcome: { type: 'accepted', operation: null } };
    case 'electorate.adjust': {
      const electorate = adjusted(begun.electorate, body);
      if (electorate === null) return refused(begun, 'operation-malformed', null);
      return { state: { ...begun, electorate }, outcome: { type: 'accepted', operation: null } };
    }
    case 'operation':
      return applyOperation(begun, entry, body.bytes);
    default:
      return assertNever(body);
  }
}

function applyOperation(state: GroupState, entry: AppliedEntry, bytes: Uint8Array): Applied {
  const decoded = decodeOperation(bytes);
  switch (decoded.type) {
    case 'malformed':
      return refused(state, 'operation-malformed', null);
    case 'unknownVersion':
      return { state, outcome: { type: 'updateNeeded', what: `operation version ${decoded.version}` } };
    case 'operation':
      return applyReadable(state, entry, decoded);
    default:
      return assertNever(decoded);
  }
}

function applyReadable(state: GroupState, entry: AppliedEntry, decoded: Readable): Applied {
  const { header, hash } = decoded;
  const body = decoded.body.type === 'known' ? decoded.body.body : null;
  const operation: JudgedOperation = { device: header.device, sequence: header.sequence, hash, body };
  // Nobody's: the hash of what the author did sign must not be said to be refused.
  if (!isSignedByAuthor(decoded, state.id)) return refused(state, 'signature-bad', null);
  if (state.devices.size === 0) return applyFounding(state, entry, decoded, operation);
  const author = state.devices.get(header.device);
  if (author === undefined) return refused(state, 'device-unknown', operation);
  if (header.sequence === author.lastSequence && hash !== author.lastHash) {
    return refused(state, 'sequence-reused', operation);
  }
  if (header.sequence <= author.lastSequence) return { state, outcome: { type: 'noEffect', why: 'resend', operation } };
  if (header.sequence > author.lastSequence + 1) {
    return { state, outcome: { type: 'noEffect', why: 'ahead', operation } };
  }
  // An operation of a member that this program cannot read: others may be able to, so this device stops before it.
  if (decoded.body.type === 'unknownKind' && isMember(author)) {
    return { state, outcome: { type: 'updateNeeded', what: `operation kind ${decoded.body.number}` } };
  }
  const judged = recordJudged(state, header.device, header.sequence, hash);
  if (!isMember(author)) return refused(judged, 'device-removed', operation);
  if (header.generation !== state.generation) return refused(judged, 'generation-mismatch', operation);
  if (body === null || header.dependsOn.length > 0) return refused(judged, 'operation-malformed', operation);
  const code = judge(state, entry, author, body);
  if (code !== null) return refused(judged, code, operation);
  return { state: transform(judged, entry, author.id, body), outcome: { type: 'accepted', operation } };
}

function applyFounding(state: GroupState, entry: AppliedEntry, decoded: Readable, operation: JudgedOperation): Applied {
  const body = operation.body;
  if (body === null || body.kind !== 'group.create') return refused(state, 'device-unknown', operation);
  const code = judgeFounding(state, decoded.header, body);
  if (code !== null) return refused(state, code, operation);
  const founded = transform(state, entry, operation.device, body);
  const recorded = recordJudged(founded, operation.device, operation.sequence, operation.hash);
  return { state: recorded, outcome: { type: 'accepted', operation } };
}

function refused(
  state: GroupState,
  code: Extract<Outcome, { type: 'refused' }>['code'],
  operation: JudgedOperation | null,
): Applied {
  return { state, outcome: { type: 'refused', code, operation } };
}
