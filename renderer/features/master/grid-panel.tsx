import { InfoMark } from '../../components/info-mark.tsx';
import { Name } from '../../components/names.tsx';
import { Panel } from '../../components/panel.tsx';
import { ProgressBar } from '../../components/progress.tsx';
import { TERMS } from '../../text/terms.ts';
import { ago } from '../../text/times.ts';
import styles from './grid-panel.module.css';
import type { Cell, GridRow, WhoHasWhat } from './who-has-what-view.ts';

const CellText = ({ cell }: { readonly cell: Cell }) => {
  switch (cell.kind) {
    case 'none':
      return (
        <span className={styles.nothing} role="img" title={cell.words} aria-label={cell.words}>
          –
        </span>
      );
    case 'complete':
      return <span className={styles.complete}>{cell.text}</span>;
    case 'quiet':
    case 'stopped':
      return (
        <span className={styles[cell.kind]} title={cell.words}>
          {cell.text}
        </span>
      );
    case 'partial':
      return (
        <>
          <span className={styles.partial} title={cell.words}>
            {cell.text}
          </span>
          <div className={styles.bar}>
            <ProgressBar share={cell.share} words={cell.words} />
          </div>
        </>
      );
  }
};

const underName = (row: GridRow, now: number): string => {
  if (row.online) return row.free === null ? 'here' : `${row.free} free`;
  return row.lastSeen === null ? 'never seen here' : `away, seen ${ago(row.lastSeen, now)}`;
};

/** Which device has how much of which folder. */
export const GridPanel = ({ view, now }: { readonly view: WhoHasWhat; readonly now: number }) => (
  <Panel title="Who has what" flush aside={<InfoMark about="who has what">{TERMS.whoHasWhat}</InfoMark>}>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by the keyboard */}
    <section className={styles.scroll} tabIndex={0} aria-label="Who has what, a table that scrolls">
      <table className={styles.grid}>
        <thead>
          <tr>
            <th scope="col" className={styles.device}>
              Device
            </th>
            {view.folders.map((folder) => (
              <th key={folder.id} scope="col">
                <Name>{folder.name}</Name>
                <div className={styles.sub}>{folder.copies} complete</div>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.rows.map((row) => (
            <tr key={row.device}>
              <th scope="row" className={styles.device}>
                <Name>{row.self ? 'This computer' : row.name}</Name>
                <div className={styles.sub}>{underName(row, now)}</div>
              </th>
              {row.cells.map((cell, index) => (
                <td key={view.folders[index]?.id} className={styles.cell}>
                  <CellText cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  </Panel>
);
