import type { DeviceId, DeviceTag, FolderId } from '../../../shared/ids.ts';
import { LATEST_ANSWER_MS, MAX_LATEST_CHANGES } from '../../../shared/limits.ts';
import { deviceTag } from '../bytes/hash.ts';
import type { LatestChanges } from '../group/latest-changes.ts';
import type { Clock } from '../ports/clock.ts';
import type { Peers } from '../ports/peers.ts';
import type { IndexGroup } from './index-group.ts';
import { encodeIndexMessage, type IndexMessage } from './sync/messages.ts';

/** Says and asks what an author last changed: what is to be named where its right to write ends. */
export interface LatestDesk {
  /**
   * The latest changes of the device in each of the folders, as this and all connected devices that may write there have
   * them; what the device says of itself is left out. A folder that none of them has is left out. Takes a second at most.
   */
  latestOf(device: DeviceId, folders: readonly FolderId[]): Promise<ReadonlyMap<FolderId, LatestChanges>>;
  handle(from: DeviceId, message: Extract<IndexMessage, { type: 'latestAsked' | 'latest' }>): void;
  /** Nothing more comes from the device. */
  gone(device: DeviceId): void;
  stop(): void;
}

/** What asking and answering needs. */
export interface LatestDeskParts {
  readonly self: DeviceId;
  readonly peers: Peers;
  readonly clock: Clock;
  group(): IndexGroup;
  /**
   * The author's latest changes in a folder that this device has received whole, else null. Of each shard at most as many
   * as are named, the last one first.
   */
  here(folder: FolderId, author: DeviceTag): LatestChanges | null;
}

interface Question {
  readonly waitsFor: Set<DeviceId>;
  readonly answers: Map<FolderId, LatestChanges[]>;
  readonly asked: ReadonlySet<FolderId>;
  end(): void;
}

/** The desk of one device. */
export function createLatestDesk(parts: LatestDeskParts): LatestDesk {
  const { self, peers, clock, group } = parts;
  const questions = new Map<number, Question>();
  let last = 0;

  function take(question: Question, folder: FolderId, latest: LatestChanges): void {
    question.answers.set(folder, [...(question.answers.get(folder) ?? []), latest]);
  }

  function answered(question: Question, from: DeviceId): void {
    question.waitsFor.delete(from);
    if (question.waitsFor.size === 0) question.end();
  }

  function answer(to: DeviceId, request: number, author: DeviceTag, folders: readonly FolderId[]): void {
    const known = new Map<FolderId, LatestChanges>();
    for (const folder of folders) {
      // An admin ends rights also where it may not read; it learns no more than the names of changes.
      const may = group().mayWrite(self, folder) && (group().mayRead(to, folder) || group().isAdmin(to));
      const latest = may ? parts.here(folder, author) : null;
      if (latest !== null) known.set(folder, latest);
    }
    peers.send(to, 'index', encodeIndexMessage({ type: 'latest', request, folders: known }));
  }

  return {
    async latestOf(device, folders) {
      const author = deviceTag(device);
      last += 1;
      const request = last;
      const mayAnswer = (peer: DeviceId): boolean =>
        peer !== device && folders.some((folder) => group().mayWrite(peer, folder));
      const waitsFor = new Set(peers.connected().flatMap((peer) => (mayAnswer(peer.device) ? [peer.device] : [])));
      const answers = new Map<FolderId, LatestChanges[]>();
      const asked = new Set(folders);
      await new Promise<void>((resolve) => {
        const cancel = clock.after(LATEST_ANSWER_MS, () => question.end());
        const question: Question = {
          waitsFor,
          answers,
          asked,
          end() {
            cancel();
            questions.delete(request);
            resolve();
          },
        };
        questions.set(request, question);
        const bytes = encodeIndexMessage({ type: 'latestAsked', request, author, folders });
        for (const peer of [...waitsFor]) if (!peers.send(peer, 'index', bytes)) waitsFor.delete(peer);
        if (waitsFor.size === 0) question.end();
      });
      const named = new Map<FolderId, LatestChanges>();
      for (const folder of asked) {
        // Read after the answers have come: they may have brought changes here.
        const own = self === device ? null : parts.here(folder, author);
        const all = [...(own === null ? [] : [own]), ...(answers.get(folder) ?? [])];
        if (all.length > 0) named.set(folder, joined(all));
      }
      return named;
    },
    handle(from, message) {
      if (message.type === 'latestAsked') {
        answer(from, message.request, message.author, message.folders);
        return;
      }
      const question = questions.get(message.request);
      if (question?.waitsFor.has(from) !== true) return;
      for (const [folder, latest] of message.folders) {
        if (question.asked.has(folder) && group().mayWrite(from, folder)) take(question, folder, latest);
      }
      answered(question, from);
    },
    gone(device) {
      for (const question of [...questions.values()]) if (question.waitsFor.has(device)) answered(question, device);
    },
    stop() {
      for (const question of [...questions.values()]) question.end();
    },
  };
}

/** What any of them names; of a shard at most as many as fit, and of each answer its first before another's second. */
function joined(all: readonly LatestChanges[]): LatestChanges {
  const named = new Map<number, readonly string[]>();
  for (const shard of new Set(all.flatMap((latest) => [...latest.keys()]))) {
    const lists = all.map((latest) => latest.get(shard) ?? []);
    const byPlace = Array.from({ length: MAX_LATEST_CHANGES }, (_, place) =>
      lists.flatMap((list) => list[place] ?? []),
    );
    named.set(shard, [...new Set(byPlace.flat())].slice(0, MAX_LATEST_CHANGES).sort());
  }
  return named;
}
