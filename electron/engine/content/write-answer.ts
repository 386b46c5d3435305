import { FlotillaError } from '../../../shared/errors.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Item, Outcome, TaskId } from '../transfer/types.ts';
import type { Chunk } from './chunk-list.ts';
import type { ContentMessage } from './messages.ts';
import { NO_ROOM, NOT_HERE } from './piece-lengths.ts';
import type { Want } from './want.ts';

/** What an answer brought: an outcome per item, and the wants that this disk refused to take. */
interface WrittenAnswer {
  readonly outcomes: readonly Outcome[];
  readonly failures: ReadonlyMap<TaskId, unknown>;
}

/** An item whose bytes are said to be in the answer. */
interface Claim {
  readonly item: Item;
  readonly index: number;
  /** Place of its bytes in the buffer that holds the answer. */
  readonly at: number;
  readonly want: Want;
}

/** Checks an answer against what was asked and writes what has its hash. `wants`: of each item, undefined if it ended. */
export async function writeAnswer(
  jobs: Jobs,
  items: readonly Item[],
  wants: readonly (Want | undefined)[],
  message: ContentMessage & { type: 'pieces' },
): Promise<WrittenAnswer> {
  const claimed = message.lengths.reduce((sum, length) => sum + Math.max(0, length), 0);
  if (message.lengths.length !== items.length || claimed !== message.bytes.byteLength) {
    return { outcomes: items.map(() => 'corrupt'), failures: new Map() };
  }
  // An answer has room for one item at least; one that is said to have none would be asked for again without end.
  if (message.lengths.every((length) => length === NO_ROOM)) {
    return { outcomes: items.map(() => 'missing'), failures: new Map() };
  }
  const outcomes = items.map((item, index) => claimedOutcome(wants[index], item, message.lengths[index]));
  const claims: Claim[] = [];
  let at = message.bytes.byteOffset;
  items.forEach((item, index) => {
    const want = wants[index];
    if (outcomes[index] === 'good' && want !== undefined) claims.push({ item, index, at, want });
    at += Math.max(0, message.lengths[index] as number);
  });
  const failures = new Map<TaskId, unknown>();
  const first = claims[0]?.want;
  if (first === undefined) return { outcomes, failures };
  // A message is alone in its buffer, which goes to the thread that writes as a whole.
  const bytes = new Uint8Array(message.bytes.buffer);
  try {
    if (first.kind === 'large') await writeChunks(jobs, first, claims, bytes, outcomes);
    else await writeSmall(jobs, claims, bytes, outcomes, failures);
  } catch (error) {
    for (const { item, index } of claims) {
      outcomes[index] = 'noRoom';
      failures.set(item.task, error);
    }
  }
  return { outcomes, failures };
}

/** What an answer says of an item before its bytes were looked at. */
function claimedOutcome(want: Want | undefined, item: Item, length: number | undefined): Outcome {
  if (length === NOT_HERE) return 'missing';
  // What nobody wants any more needs no writing.
  if (length === NO_ROOM || want === undefined) return 'noRoom';
  const expected = want.kind === 'small' ? want.size : want.chunks[item.piece]?.length;
  return length === expected ? 'good' : 'corrupt';
}

async function writeChunks(
  jobs: Jobs,
  want: Want & { kind: 'large' },
  claims: readonly Claim[],
  bytes: Uint8Array,
  outcomes: Outcome[],
): Promise<void> {
  const pieces = claims.map(({ item, at }) => ({ ...(want.chunks[item.piece] as Chunk), at }));
  const written = await jobs.run('writePieces', { target: want.target, fresh: want.fresh, bytes, pieces });
  claims.forEach(({ index }, nth) => {
    if (written[nth] === true) want.onBytes(pieces[nth]?.length ?? 0);
    else outcomes[index] = 'corrupt';
  });
}

async function writeSmall(
  jobs: Jobs,
  claims: readonly Claim[],
  bytes: Uint8Array,
  outcomes: Outcome[],
  failures: Map<TaskId, unknown>,
): Promise<void> {
  const files = claims.map(({ at, want }) => {
    return { target: want.target, hash: want.content, at, length: want.size };
  });
  const written = await jobs.run('writeWhole', { bytes, files });
  claims.forEach(({ item, index }, nth) => {
    const result = written[nth];
    if (result?.type === 'corrupt') outcomes[index] = 'corrupt';
    if (result?.type !== 'failed') return;
    outcomes[index] = 'noRoom';
    failures.set(item.task, new FlotillaError(result.code, result.message));
  });
}
