import type { ReactNode } from 'react';
import css from './kit.module.css';

/** A titled section with one border. `flush` lets a table or rows run to its edges. */
export function Panel({
  title,
  count,
  action,
  children,
  flush = false,
  foot,
  headingLevel = 2,
}: {
  title?: ReactNode;
  count?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
  flush?: boolean;
  foot?: ReactNode;
  headingLevel?: 2 | 3;
}) {
  const Heading = headingLevel === 2 ? 'h2' : 'h3';
  return (
    <section className={css.panel}>
      {title === undefined ? null : (
        <header className={css.panelHead}>
          <Heading>
            {title}
            {count === undefined ? null : <span className={css.count}> {count}</span>}
          </Heading>
          {action === undefined ? null : <div className={css.panelAction}>{action}</div>}
        </header>
      )}
      <div className={css.panelBody} data-flush={flush || undefined}>
        {children}
      </div>
      {foot === undefined ? null : <footer className={css.panelFoot}>{foot}</footer>}
    </section>
  );
}

/** One line of a panel: an optional lead (mark, glyph), what it is, what stands right. With `href`-like content put a Link inside. */
export function PanelRow({ lead, title, note, end }: { lead?: ReactNode; title: ReactNode; note?: ReactNode; end?: ReactNode }) {
  return (
    <div className={css.panelRow}>
      {lead === undefined ? null : <div className={css.panelRowLead}>{lead}</div>}
      <div className={css.panelRowText}>
        <div className={css.panelRowTitle}>{title}</div>
        {note === undefined ? null : <div className={css.panelRowNote}>{note}</div>}
      </div>
      {end === undefined ? null : <div className={css.panelRowEnd}>{end}</div>}
    </div>
  );
}

export interface Fact {
  label: string;
  value: ReactNode;
}

/** Label and value pairs; each inner list is a group with a line between. `wide` lays them out side by side. */
export function Facts({ groups, wide = false, numbers = false }: { groups: readonly (readonly Fact[])[]; wide?: boolean; numbers?: boolean }) {
  return (
    <div className={css.facts} data-wide={wide || undefined} data-numbers={numbers || undefined}>
      {groups
        .filter((group) => group.length > 0)
        .map((group) => (
          <dl key={group[0]?.label}>
            {group.map((fact) => (
              <div key={fact.label}>
                <dt>{fact.label}</dt>
                <dd>{fact.value}</dd>
              </div>
            ))}
          </dl>
        ))}
    </div>
  );
}

/** A plain table inside a panel: few rows, no virtualisation. `end` columns are right-aligned figures. */
export function PanelTable<Row>({
  label,
  columns,
  rows,
  rowKey,
}: {
  label: string;
  columns: readonly { id: string; header: ReactNode; cell: (row: Row) => ReactNode; end?: boolean }[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
}) {
  return (
    <div className={css.panelTableScroll}>
      <table className={css.panelTable} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" data-end={column.end || undefined}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td key={column.id} data-end={column.end || undefined}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
