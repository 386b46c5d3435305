import type { Failover, Master } from '../../../shared/model/master.ts';
import { wantedElectorate } from '../group/select.ts';
import type { GroupState } from '../group/state.ts';
import type { FailoverRecord } from '../metadata/failover-records.ts';
import { type MetadataView, weightsOf } from '../metadata/view.ts';

/** Failovers that the interface lists. */
const SHOWN_FAILOVERS = 50;

function failoverView(record: FailoverRecord): Failover {
  const { at, from, to, detectMs, electMs, respondMs, budgetMs } = record;
  const totalMs = detectMs + electMs + respondMs;
  return { at, from, to, cause: 'crash', detectMs, electMs, respondMs, totalMs, withinBudget: totalMs <= budgetMs };
}

function stateOf(view: MetadataView, members: number): Master['state'] {
  switch (view.role) {
    case 'master':
      return members === 1 ? 'alone' : 'master';
    case 'preCandidate':
    case 'candidate':
      return view.quorate ? 'candidate' : 'none';
    case 'follower':
      return view.master === null && !view.quorate ? 'none' : 'follower';
    default:
      return view.role;
  }
}

/** The metadata layer as people see it. */
export function masterView(
  state: GroupState,
  view: MetadataView,
  counts: { readonly members: number; readonly waiting: number; readonly failovers: readonly FailoverRecord[] },
): Master {
  const { heartbeatMs, electionMinMs, electionMaxMs } = view.timing;
  return {
    state: stateOf(view, counts.members),
    master: view.master,
    generation: view.generation,
    term: view.term,
    commitIndex: view.commitIndex,
    electorate: weightsOf(view.electorate),
    quorate: view.decides,
    tentative: 0,
    waiting: counts.waiting,
    budgetMs: view.budgetMs,
    failovers: counts.failovers.slice(-SHOWN_FAILOVERS).map(failoverView),
    since: view.masterSince,
    wantedElectorate: weightsOf(state.devices.size === 0 ? view.electorate : wantedElectorate(state)),
    timing: { heartbeatMs, electionMinMs, electionMaxMs },
    election: view.election,
  };
}

/** What stands for the metadata layer while this device is in no group. */
export function noMasterView(budgetMs: number): Master {
  return {
    state: 'none',
    master: null,
    generation: 0,
    term: 0,
    commitIndex: 0,
    electorate: {},
    quorate: false,
    tentative: 0,
    waiting: 0,
    budgetMs,
    failovers: [],
    since: null,
    wantedElectorate: {},
    timing: { heartbeatMs: budgetMs / 10, electionMinMs: budgetMs / 5, electionMaxMs: (budgetMs * 2) / 5 },
    election: null,
  };
}
