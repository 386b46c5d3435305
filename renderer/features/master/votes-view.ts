/** Who votes, who is here, and what that means in plain words. Pure. */
import { listed, named } from '../../../shared/model/amounts.ts';
import type { AppState } from '../../../shared/model/app-state.ts';
import type { TruthTone } from '../../../shared/model/truth.ts';

export interface Vote {
  readonly device: string;
  readonly name: string;
  readonly self: boolean;
  readonly weight: number;
  readonly present: boolean;
  readonly master: boolean;
}

export interface QuorumWords {
  readonly tone: TruthTone;
  readonly text: string;
  readonly detail: string;
}

export interface VotesView {
  readonly votes: readonly Vote[];
  readonly observers: readonly Vote[];
  readonly total: number;
  readonly present: number;
  readonly majority: number;
  readonly quorum: QuorumWords;
  /** Devices of which enough must come back; empty while decisions can be made. */
  readonly missing: readonly Vote[];
}

const FILES_GO_ON = 'Files go on syncing.';
const nameOf = (vote: Vote): string => (vote.self ? 'this computer' : named(vote.name));
const names = (votes: readonly Vote[], word: string): string => listed(votes.map(nameOf), word);
const sum = (votes: readonly Vote[]): number => votes.reduce((total, vote) => total + vote.weight, 0);
/** The same at the beginning of a sentence; names keep the letters that people gave them. */
const namesFirst = (votes: readonly Vote[], word: string): string =>
  names(votes, word).replace(/^this computer/, 'This computer');

const votesOf = (state: AppState): readonly Vote[] =>
  state.devices.map((device) => ({
    device: device.id,
    name: device.name,
    self: device.self,
    weight: state.master.electorate[device.id] ?? 0,
    present: device.self || device.online,
    master: state.master.master === device.id,
  }));

const withoutMajority = (away: readonly Vote[], present: number, majority: number): QuorumWords => {
  const enough = away.filter((vote) => present + vote.weight >= majority);
  const text =
    enough.length > 0
      ? `No decisions can be made until ${names(enough, 'or')} is back.`
      : `No decisions can be made until enough of ${names(away, 'and')} are back.`;
  return {
    tone: 'needsYou',
    text,
    detail: `${FILES_GO_ON} New devices, folders and rights wait, and go through by themselves then.`,
  };
};

const allHere = (voters: readonly Vote[], majority: number): QuorumWords => {
  const total = sum(voters);
  const critical = voters.filter((vote) => total - vote.weight < majority);
  if (critical.length === 0) {
    return {
      tone: 'safe',
      text: `All ${voters.length} votes are here: decisions can be made.`,
      detail: 'Any one of them may go away, and decisions can still be made.',
    };
  }
  const free = voters.filter((vote) => !critical.includes(vote));
  const may = free.length > 0 ? `${namesFirst(free, 'or')} may go away. ` : '';
  return {
    tone: 'safe',
    text: `${voters.length === 2 ? 'Both devices that vote are' : 'All devices that vote are'} here: decisions can be made.`,
    detail: `${may}If ${names(critical, 'or')} goes, no new devices or folders can be added until it is back. ${FILES_GO_ON}`,
  };
};

const someAway = (here: readonly Vote[], away: readonly Vote[], majority: number): QuorumWords => {
  const present = sum(here);
  const total = present + sum(away);
  const critical = here.filter((vote) => present - vote.weight < majority);
  const others = critical.filter((vote) => !vote.self);
  const isAway = `${namesFirst(away, 'and')} ${away.length === 1 ? 'is' : 'are'} away.`;
  const text = `${present} of ${total} votes are here: decisions can be made.`;
  if (critical.length === 0) return { tone: 'safe', text, detail: `${isAway} One more may go.` };
  const who = others.length > 0 ? others : critical;
  const back = away.length + who.length > 2 || who.length > 1 ? 'enough of them are' : 'one of them is';
  return {
    tone: 'safe',
    text,
    detail: `${isAway} If ${names(who, 'or')} goes too, no new devices or folders can be added until ${back} back. ${FILES_GO_ON}`,
  };
};

const quorumWords = (state: AppState, voters: readonly Vote[], majority: number): QuorumWords => {
  const here = voters.filter((vote) => vote.present);
  const away = voters.filter((vote) => !vote.present);
  const [only] = voters;
  if (!only) return { tone: 'quiet', text: 'There is no group yet.', detail: 'Decisions begin with the first device.' };
  if (sum(here) < majority) return withoutMajority(away, sum(here), majority);
  if (!state.master.quorate) {
    return {
      tone: 'moving',
      text: 'A new master is being chosen.',
      detail: `${sum(here)} of ${sum(voters)} votes are here, which is enough. ${FILES_GO_ON}`,
    };
  }
  if (voters.length === 1) {
    return {
      tone: 'safe',
      text: `${namesFirst([only], 'and')} decides alone.`,
      detail: 'With three devices, any one of them may be away and decisions can still be made.',
    };
  }
  return away.length === 0 ? allHere(voters, majority) : someAway(here, away, majority);
};

/** The electorate as this device sees it. More than half of all weight decides. */
export const votesView = (state: AppState): VotesView => {
  const all = votesOf(state);
  const votes = all.filter((vote) => vote.weight > 0);
  const total = sum(votes);
  const majority = Math.floor(total / 2) + 1;
  const present = sum(votes.filter((vote) => vote.present));
  return {
    votes,
    observers: all.filter((vote) => vote.weight === 0),
    total,
    present,
    majority,
    quorum: quorumWords(state, votes, majority),
    missing: present < majority ? votes.filter((vote) => !vote.present) : [],
  };
};
