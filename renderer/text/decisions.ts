/** What the log decided, as a sentence. Pure. */

import type { Activity } from '../../shared/model/activity.ts';
import { measured, named } from '../../shared/model/amounts.ts';
import { ACCESS_WORDS } from './words.ts';

export type Decision = Extract<Activity, { type: 'decision' }>;

const accessWords = (value: string | null): string => {
  switch (value) {
    case 'readWrite':
    case 'readOnly':
    case 'none':
      return ACCESS_WORDS[value].toLowerCase();
    default:
      return 'other access';
  }
};

const did = (decision: Decision): string => {
  const subject = named(decision.subject?.name ?? 'something');
  const value = decision.value;
  switch (decision.kind) {
    case 'group.create':
      return `started the group ${subject}`;
    case 'device.rename':
      return `renamed ${subject} to ${named(value ?? '')}`;
    case 'device.setRole':
      return `made ${subject} ${value === 'admin' ? 'an admin' : 'a member'}`;
    case 'device.remove':
      return `took ${subject} out of the group`;
    case 'invite.create':
      return 'made an invite';
    case 'invite.revoke':
      return 'withdrew an invite';
    case 'invite.redeem':
      return value === 'admin' ? 'joined as an admin' : value === 'member' ? 'joined as a member' : 'joined';
    case 'folder.create':
      return `shared ${subject}`;
    case 'folder.rename':
      return `renamed the folder ${subject} to ${named(value ?? '')}`;
    case 'folder.remove':
      return `stopped sharing ${subject}`;
    case 'folder.setAccess':
      return value === 'end'
        ? `noted up to where a device could write in ${subject}`
        : `changed who may do what in ${subject}: ${accessWords(value)}`;
    case 'folder.transferOwner':
      return `passed ${subject} on${value === null ? '' : ` to ${named(value)}`}`;
    case 'folder.setSelection':
      return value === 'none' ? `stopped holding ${subject}` : `accepted ${subject}`;
    case 'policy.set':
      return value !== null && Number.isFinite(Number(value))
        ? `set the latency budget to ${measured(Number(value))}`
        : 'changed the group’s policy';
    case 'rules.raise':
      return 'moved the group to newer rules';
  }
};

/** `Studio shared Photos`; `who` is the author in words. A newcomer is named by itself. */
export const decisionWords = (decision: Decision, who: string): string => {
  const author = decision.kind === 'invite.redeem' && decision.subject ? named(decision.subject.name) : who;
  return decision.outcome === 'accepted'
    ? `${author} ${did(decision)}`
    : `${author} asked for what was refused: ${did(decision)}`;
};
