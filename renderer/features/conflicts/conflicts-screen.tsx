import { count, plural } from '../../../shared/model/amounts.ts';
import { Empty } from '../../components/empty.tsx';
import { Page } from '../../components/page.tsx';
import { useApp, useNow } from '../../store/store-context.tsx';
import { ConflictCardItem } from './conflict-card.tsx';
import { conflictsView } from './conflicts-view.ts';

/** Files that two devices changed at the same time, a card each. */
export const ConflictsScreen = () => {
  const state = useApp();
  const now = useNow(60_000);
  const cards = conflictsView(state, now);
  if (cards.length === 0) {
    return (
      <Page title="Conflicts">
        <Empty drawing="calm" title="No conflicts">
          When two devices change one file at the same time, both versions are kept and shown here side by side.
        </Empty>
      </Page>
    );
  }
  const more = state.conflictCount - cards.length;
  return (
    <Page
      title="Conflicts"
      sub={`${plural(state.conflictCount, 'file')} changed on two devices at once. Nothing is lost: what you don’t keep goes to the kept versions.`}
    >
      {cards.map((card) => (
        <ConflictCardItem key={card.key} card={card} />
      ))}
      {more > 0 && <p>{count(more)} more show when these are solved.</p>}
    </Page>
  );
};
