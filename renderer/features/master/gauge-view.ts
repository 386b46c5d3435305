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
  /** Whole seconds under the rows; more than eight would be too many to read. */
  readonly ticks: readonly Tick[];
  /** The newest failover's terms written out against the budget; null while there was none. */
  readonly sum: string | null;
}

/** A mark of the scale. */
export interface Tick {
  readonly seconds: number;
  /** Of the scale's width, in percent. */
  readonly at: number;
}

const MOST_TICKS = 8;

const ticksOf = (scale: number): readonly Tick[] => {
  const step = [1, 2, 5, 10, 20, 30, 60].find((seconds) => scale / 1_000 / seconds <= MOST_TICKS) ?? 60;
  const count = Math.floor(scale / 1_000 / step);
  return Array.from({ length: count + 1 }, (_, nth) => ({
    seconds: nth * step,
    at: ((nth * step * 1_000) / scale) * 100,
  }));
};

const SHOWN = 6;

const CAUSES: Readonly<Record<Failover['cause'], string>> = {
  crash: 'crash',
  handover: 'handed over',
  takeover: 'taken over',
};

const nameOf = (devices: readonly Device[], id: string | null, isFirst: boolean): string => {
  const device = devices.find((one) => one.id === id);
  if (device && !device.self) return named(device.name, 24);
  const words = device ? 'this computer' : 'a device that left';
  return isFirst ? words.charAt(0).toUpperCase() + words.slice(1) : words;
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
      ? nameOf(devices, failover.to, true)
      : `${nameOf(devices, failover.from, true)} → ${nameOf(devices, failover.to, false)}`,
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

/** `1.43 + 0.30 + 0.17 = 1.90 s ≤ 5.0 s`, `336 + 87 + 8 = 431 ms ≤ 5.0 s`: rounded so that what is shown adds up. */
const sumOf = (failover: Failover, budgetMs: number): string => {
  const isShort = measured(failover.totalMs).endsWith(' ms');
  const terms = [failover.detectMs, failover.electMs, failover.respondMs].map((ms) =>
    Math.round(isShort ? ms : ms / 10),
  );
  const sum = terms.reduce((total, term) => total + term, 0);
  const shown = (amount: number): string => (isShort ? String(amount) : (amount / 100).toFixed(2));
  const sign = failover.totalMs <= budgetMs ? '≤' : '>';
  return `${terms.map(shown).join(' + ')} = ${shown(sum)} ${isShort ? 'ms' : 's'} ${sign} ${measured(budgetMs)}`;
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
    ticks: ticksOf(scale),
    sum: newest ? sumOf(newest, budgetMs) : null,
  };
};
