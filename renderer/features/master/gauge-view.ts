/** The failovers against the budget: three stacked terms each, on one scale. Pure. */
import { measured, named } from '../../../shared/model/amounts.ts';
import type { AppState } from '../../../shared/model/app-state.ts';
import type { Device } from '../../../shared/model/device.ts';
import type { Failover } from '../../../shared/model/master.ts';

export type Term = 'detect' | 'elect' | 'answer';

export interface TermBar {
  readonly term: Term;
  readonly ms: number;
  /** Of the scale's width, in percent. */
  readonly width: number;
}

export interface GaugeRow {
  readonly key: string;
  readonly at: number;
  readonly who: string;
  readonly cause: string;
  readonly bars: readonly TermBar[];
  readonly totalMs: number;
  readonly within: boolean;
  /** Still running: its total grows. */
  readonly live: boolean;
}

export interface Gauge {
  readonly rows: readonly GaugeRow[];
  readonly budgetMs: number;
  /** Where the budget's mark stands, in percent of the width. */
  readonly budgetAt: number;
  /** The newest failover's terms written out against the budget; null while there was none. */
  readonly sum: string | null;
}

const SHOWN = 6;

const CAUSES: Readonly<Record<Failover['cause'], string>> = {
  crash: 'crash',
  handover: 'handed over',
  takeover: 'taken over',
};

const nameOf = (devices: readonly Device[], id: string | null): string => {
  const device = devices.find((one) => one.id === id);
  return device ? named(device.name, 24) : 'a device that left';
};

const barsOf = (terms: Readonly<Record<Term, number>>, scale: number): readonly TermBar[] =>
  (['detect', 'elect', 'answer'] as const).map((term) => ({
    term,
    ms: terms[term],
    width: (terms[term] / scale) * 100,
  }));

const rowOf = (failover: Failover, devices: readonly Device[], scale: number): GaugeRow => ({
  key: `${failover.at}-${failover.to}`,
  at: failover.at,
  who:
    failover.from === null
      ? nameOf(devices, failover.to)
      : `${nameOf(devices, failover.from)} → ${nameOf(devices, failover.to)}`,
  cause: CAUSES[failover.cause],
  bars: barsOf({ detect: failover.detectMs, elect: failover.electMs, answer: failover.respondMs }, scale),
  totalMs: failover.totalMs,
  within: failover.withinBudget,
  live: false,
});

interface LiveTerms {
  readonly terms: Readonly<Record<Term, number>>;
  readonly total: number;
}

const liveTerms = (state: AppState, now: number): LiveTerms | null => {
  const { election } = state.master;
  if (!election) return null;
  const total = Math.max(0, now - election.lastHeard);
  switch (election.phase) {
    case 'detecting':
      return { terms: { detect: total, elect: 0, answer: 0 }, total };
    case 'electing': {
      const detect = Math.min(total, election.detectMs ?? election.since - election.lastHeard);
      return { terms: { detect, elect: total - detect, answer: 0 }, total };
    }
    case 'answering': {
      const detect = Math.min(total, election.detectMs ?? 0);
      const elect = Math.min(
        total - detect,
        election.electMs ?? Math.max(0, election.since - election.lastHeard - detect),
      );
      return { terms: { detect, elect, answer: total - detect - elect }, total };
    }
  }
};

/** What the group derives from its budget. */
export const timingWords = (state: AppState): string => {
  const { heartbeatMs, electionMinMs, electionMaxMs } = state.master.timing;
  return `Voters hear from the master every ${measured(heartbeatMs)} and ask for votes after ${measured(electionMinMs)} to ${measured(electionMaxMs)} of silence.`;
};

/** `1.4 s + 302 ms + 171 ms = 1.9 s ≤ 5.0 s`. */
const sumOf = (failover: Failover, budgetMs: number): string => {
  const terms = [failover.detectMs, failover.electMs, failover.respondMs].map(measured).join(' + ');
  return `${terms} = ${measured(failover.totalMs)} ${failover.totalMs <= budgetMs ? '≤' : '>'} ${measured(budgetMs)}`;
};

/** The rows newest first, the one that runs on top. The scale holds the budget and the longest of them. */
export const gaugeOf = (state: AppState, now: number): Gauge => {
  const { failovers, budgetMs } = state.master;
  const shown = [...failovers].sort((left, right) => right.at - left.at).slice(0, SHOWN);
  const live = liveTerms(state, now);
  const longest = Math.max(budgetMs, live?.total ?? 0, ...shown.map((failover) => failover.totalMs));
  const scale = longest * 1.08;
  const rows = shown.map((failover) => rowOf(failover, state.devices, scale));
  const running: readonly GaugeRow[] = live
    ? [
        {
          key: 'live',
          at: now,
          who: 'Choosing a new master',
          cause: 'runs now',
          bars: barsOf(live.terms, scale),
          totalMs: live.total,
          within: live.total <= budgetMs,
          live: true,
        },
      ]
    : [];
  const [newest] = shown;
  return {
    rows: [...running, ...rows],
    budgetMs,
    budgetAt: (budgetMs / scale) * 100,
    sum: newest ? sumOf(newest, budgetMs) : null,
  };
};
