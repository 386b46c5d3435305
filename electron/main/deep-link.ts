/** `flotilla://join/CODE` links: kept until the page asks for them, then handed on as they come. */
import { app } from 'electron';
import { inviteIn } from './options.ts';

/** The invites that came as links. */
export interface InviteLinks {
  /** Looks for a link among a program's arguments. */
  offer(argv: readonly string[]): void;
  /** Those that came so far; later ones go to `listener`. */
  take(): readonly string[];
}

/** Registers the scheme where the app is installed, and listens for links. `listener` is called once the page listens. */
export const setupInviteLinks = (listener: (code: string) => void): InviteLinks => {
  let waiting: string[] = [];
  let taken = false;
  const offer = (argv: readonly string[]): void => {
    const code = inviteIn(argv);
    if (code === null) return;
    if (taken) listener(code);
    else waiting.push(code);
  };
  app.on('open-url', (event, url) => {
    event.preventDefault();
    offer([url]);
  });
  if (app.isPackaged) app.setAsDefaultProtocolClient('flotilla');
  return {
    offer,
    take: () => {
      const codes = waiting;
      waiting = [];
      taken = true;
      return codes;
    },
  };
};
