/** Names of the messages between the window's preload and the desktop shell. */
export const DESKTOP_CHANNELS = {
  /** page -> shell: wants a port to the engine. shell -> page: here is one. */
  connect: 'flotilla:connect',
  port: 'flotilla:port',
  chooseDirectory: 'flotilla:choose-directory',
  showInFolder: 'flotilla:show-in-folder',
  copyText: 'flotilla:copy-text',
  notify: 'flotilla:notify',
  glance: 'flotilla:glance',
  /** page -> shell: listens now. shell -> page: a code. */
  invites: 'flotilla:invites',
  engineState: 'flotilla:engine-state',
  quit: 'flotilla:quit',
} as const;

/** Facts that the shell hands to the preload as one program argument: this prefix, then JSON. */
export const DESKTOP_FACTS_ARGUMENT = '--flotilla-facts=';

/** What the preload cannot find out by itself. */
export interface DesktopFacts {
  readonly version: string;
  readonly runtimeNote: string | null;
  readonly hasTray: boolean;
}
