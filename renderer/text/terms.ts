/** What the words of the master panel mean, each in a sentence or two. */
export const TERMS = {
  master:
    'One device puts the group’s own changes in order: who is in it, which folders there are, who may do what. File contents never pass through it; they go from device to device.',
  term: 'Each new master begins a term with the next number. A device follows the highest it knows, so there is never more than one master that counts.',
  votes:
    'A change is decided when devices with more than half of all votes have written it down. Up to three devices vote; the others observe and know everything just the same.',
  steps:
    'Votes are given and taken one at a time, so that any majority before a step and any majority after it share a device. Nothing can be decided twice.',
  budget:
    'How long a change of the group may take at worst, when the master fails at that very moment. From it the group derives how often devices hear from the master and how soon they stop waiting for it.',
  inequality:
    'Noticing that the master is gone, choosing another, and its first answer: the three together must stay within the budget. (crash detection + crash recovery + normal response ≤ latency budget.) Each real failover is measured against it.',
  detect: 'From the last word of the old master until a device starts to ask for votes.',
  elect: 'Until one of them has the votes of a majority.',
  answer: 'Until the new master’s first change is written down by a majority.',
  waiting:
    'Changes asked for on this computer that no master has decided yet. They are kept over restarts and go through by themselves.',
  whoHasWhat: 'From the devices’ own reports. A device that is away is shown as it last reported.',
} as const;
