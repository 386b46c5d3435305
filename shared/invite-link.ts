/** Links that open Flotilla with an invite code. */

/** What such a link begins with; the code follows. */
export const INVITE_LINK_PREFIX = 'flotilla://join/';

/** The link that carries the code. */
export const inviteLink = (code: string): string => `${INVITE_LINK_PREFIX}${code}`;
