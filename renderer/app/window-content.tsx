import { useEffect, useRef, useState } from 'react';
import { movingShare } from '../../shared/model/moving-share.ts';
import { truthOf } from '../../shared/model/truth.ts';
import { listenForInvites } from '../bridge/desktop.ts';
import { useToast } from '../components/toasts.tsx';
import { FirstRun } from '../features/first-run/first-run.tsx';
import { AcceptButton } from '../features/folders/accept-button.tsx';
import { ShareDialog } from '../features/folders/share-dialog.tsx';
import type { Route } from '../store/route.ts';
import { useApp } from '../store/store-context.tsx';
import { usePlaces } from '../store/use-places.tsx';
import { useRoute } from '../store/use-route.ts';
import { useShare } from '../store/use-share.ts';
import { wordsOf } from '../text/errors.ts';
import { DropOverlay } from './drop-overlay.tsx';
import { HomeNotice } from './home-notice.tsx';
import { Reconnecting } from './reconnecting.tsx';
import { Screen } from './screens.tsx';
import styles from './shell.module.css';
import { Sidebar } from './sidebar.tsx';
import { TruthBar } from './truth-bar.tsx';
import { useDrop } from './use-drop.ts';

/** After a change of the screen the keyboard goes on, and a screen reader reads, from its heading. */
const useHeadingFocus = (route: Route): void => {
  const screen = route.screen === 'folder' ? route.id : route.screen;
  const last = useRef(screen);
  useEffect(() => {
    if (last.current === screen) return;
    last.current = screen;
    document.querySelector<HTMLElement>('main h1')?.focus();
  }, [screen]);
};

/** The code of the last link that was opened; in a group it is said why it can't be used. */
const useInviteLink = (canJoin: boolean): string | null => {
  const [invite, setInvite] = useState<string | null>(null);
  const toast = useToast();
  useEffect(
    () =>
      listenForInvites((code) => {
        if (canJoin) setInvite(code);
        else toast({ tone: 'halted', ...wordsOf('already-in-group') });
      }),
    [canJoin, toast],
  );
  return invite;
};

/** Everything in the window once a state is known: the first run, or the frame with a screen. */
export const WindowContent = ({ lost }: { readonly lost: boolean }) => {
  const state = useApp();
  const route = useRoute();
  const truth = truthOf(state);
  const [welcome, setWelcome] = useState(state.group === null);
  const [sharing, setSharing] = useState<{ readonly name: string | null } | null>(null);
  const { share } = useShare();
  const places = usePlaces('Which directory should be shared?', (path) => void share([path]));
  useHeadingFocus(route);
  const invite = useInviteLink(state.group === null);
  const dragged = useDrop((paths, names) => {
    if (state.group === null) return;
    if (paths.length > 0) void share(paths);
    else setSharing({ name: names[0] ?? null });
  });
  // Whoever leaves a group begins anew.
  useEffect(() => {
    if (state.group === null) setWelcome(true);
  }, [state.group]);

  const firstRun = welcome || state.group === null;
  return (
    <>
      {firstRun ? (
        <div className={styles.screen} style={{ height: '100%' }}>
          {lost && <Reconnecting />}
          <FirstRun
            invite={invite}
            accept={(folder) => <AcceptButton folder={folder} />}
            onShare={places.choose}
            onDone={() => setWelcome(false)}
          />
        </div>
      ) : (
        <div className={styles.shell}>
          <Sidebar route={route} />
          <div className={styles.main}>
            {lost && <Reconnecting />}
            <TruthBar truth={truth} share={movingShare(state)} />
            <main className={styles.screen}>
              {state.home !== 'ok' && <HomeNotice home={state.home} />}
              <Screen route={route} onShare={() => setSharing({ name: null })} />
            </main>
          </div>
        </div>
      )}
      {places.dialog}
      {sharing && <ShareDialog name={sharing.name} onClose={() => setSharing(null)} />}
      {dragged && <DropOverlay dragged={dragged} group={state.group?.name ?? null} />}
    </>
  );
};
