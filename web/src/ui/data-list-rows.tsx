import { memo } from 'react';
import type { CSSProperties, MouseEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import css from './data-list.module.css';
import { Link } from './link.tsx';
import type { Column } from './list-state.ts';

/* On a very wide screen all columns take part of the room, those that grow the most. */
const SPREAD = 0.4;

/** Column tracks and least width of all rows, as variables on the list. The first track holds the checkbox too: one sticky part a row. */
export const rowStyle = <Row,>(columns: readonly Column<Row>[], checkbox: boolean): CSSProperties => {
  const lead = checkbox ? 'var(--list-lead)' : 'var(--list-edge)';
  const least = columns.map((column, place) => `calc(${column.chars}ch + var(--list-gap)${place === 0 ? ` + ${lead}` : ''})`);
  const tracks = columns.map((column, place) => `minmax(${least[place]}, ${column.grow ? column.chars : column.chars * SPREAD}fr)`);
  const sum = columns.reduce((chars, column) => chars + column.chars, 0);
  return {
    '--list-tracks': tracks.join(' '),
    '--list-least': `calc(${sum}ch + ${columns.length} * var(--list-gap) + var(--list-edge) + ${lead})`,
  } as CSSProperties;
};

const alignOf = <Row,>(column: Column<Row>): 'end' | 'centre' | undefined => (column.end ? 'end' : column.centre ? 'centre' : undefined);

export function ListHead<Row>({
  columns,
  sort,
  onSort,
  check,
}: {
  columns: readonly Column<Row>[];
  sort?: string;
  onSort?: (sort: string) => void;
  check?: { checked: boolean; some: boolean; onChange: () => void };
}) {
  const { t } = useTranslation();
  return (
    <div className={css.head} role="rowgroup">
      <div className={css.row} role="row" aria-rowindex={1}>
        {columns.map((column, index) => {
          const direction = sort === column.sort && column.sort !== undefined ? 'ascending' : sort === `-${column.sort}` ? 'descending' : undefined;
          const next =
            direction === undefined
              ? column.first === 'descending'
                ? `-${column.sort}`
                : column.sort
              : direction === 'ascending'
                ? `-${column.sort}`
                : column.sort;
          const cell = (
            <div key={column.id} role="columnheader" aria-sort={direction} className={css.cell} data-align={alignOf(column)}>
              {column.sort === undefined || onSort === undefined ? (
                <span className={css.headText} title={column.label}>
                  {column.header}
                </span>
              ) : (
                <button
                  type="button"
                  className={css.headButton}
                  data-active={direction}
                  onClick={() => next !== undefined && onSort(next)}
                  aria-label={t('list.sortedBy', { column: column.label ?? String(column.header) })}
                >
                  {column.header}
                  {direction === undefined ? null : <span aria-hidden> {direction === 'ascending' ? '↑' : '↓'}</span>}
                </button>
              )}
            </div>
          );
          if (index > 0) return cell;
          return (
            <div key={column.id} role="presentation" className={css.lead}>
              {check === undefined ? null : (
                <div className={css.check} role="columnheader" aria-label={t('list.selectAllShown')}>
                  <Tick checked={check.checked} some={check.some} onChange={check.onChange} label={t('list.selectAllShown')} />
                </div>
              )}
              {cell}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** A checkbox without the kit's machinery: a list draws dozens of them while it scrolls. */
function Tick({
  checked,
  some = false,
  label,
  onChange,
  onClick,
  inList = false,
}: {
  checked: boolean;
  some?: boolean;
  label: string;
  onChange?: () => void;
  onClick?: (event: MouseEvent<HTMLInputElement>) => void;
  inList?: boolean;
}) {
  return (
    <input
      type="checkbox"
      className={css.tick}
      checked={checked}
      data-some={(some && !checked) || undefined}
      aria-checked={some && !checked ? 'mixed' : checked}
      readOnly={onChange === undefined}
      onChange={onChange}
      onClick={onClick}
      aria-label={label}
      tabIndex={inList ? -1 : undefined}
    />
  );
}

interface ListRowProps<Row> {
  row: Row;
  index: number;
  name: string;
  columns: readonly Column<Row>[];
  /** Distance from the top of the body. */
  start: number;
  measureRef?: (element: HTMLElement | null) => void;
  card?: (row: Row) => ReactNode;
  selected: boolean;
  active: boolean;
  to?: string;
  onOpen?: (index: number, newTab: boolean) => void;
  onCheck?: (index: number, event: { shiftKey: boolean }) => void;
  onActive: (index: number) => void;
}

function Row<R>({ row, index, name, columns, start, measureRef, card, selected, active, to, onOpen, onCheck, onActive }: ListRowProps<R>) {
  const { t } = useTranslation();
  const onClick = (event: MouseEvent<HTMLDivElement>): void => {
    // A click on a control inside, or the end of marking text, is not a click on the row.
    if (event.defaultPrevented || (event.target as Element).closest('a,button,input,label') !== null || (window.getSelection()?.toString() ?? '') !== '')
      return;
    onActive(index);
    onOpen?.(index, event.metaKey || event.ctrlKey);
  };
  const shared = {
    role: 'row',
    'aria-rowindex': index + 2,
    'aria-selected': onCheck === undefined ? undefined : selected,
    'data-selected': selected || undefined,
    'data-active': active || undefined,
    'data-opens': onOpen !== undefined || undefined,
    'data-index': index,
    style: { transform: `translateY(${start}px)` },
    onClick,
  };
  if (card !== undefined)
    return (
      <div {...shared} ref={measureRef} className={css.card}>
        <div role="gridcell" className={css.cardCell}>
          {to === undefined ? (
            card(row)
          ) : (
            <Link plain to={to} className={css.cardLink}>
              {card(row)}
            </Link>
          )}
        </div>
      </div>
    );
  const [first, ...rest] = columns;
  return (
    <div {...shared} className={`${css.row} ${css.placed}`}>
      <div role="presentation" className={css.lead}>
        {onCheck === undefined ? null : (
          <div role="gridcell" className={css.check}>
            <Tick checked={selected} onClick={(event) => onCheck(index, event)} label={t('list.selectRow', { name })} inList />
          </div>
        )}
        <div role="rowheader" className={css.cell}>
          {to === undefined ? (
            first?.cell(row)
          ) : (
            <Link plain to={to} className={css.title} tabIndex={-1}>
              {first?.cell(row)}
            </Link>
          )}
        </div>
      </div>
      {rest.map((column) => (
        <div key={column.id} role="gridcell" className={css.cell} data-align={alignOf(column)}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}

/** Drawn again only when something of its own changed; scrolling moves rows without drawing them. */
export const ListRow = memo(Row) as typeof Row;

/* Widths of skeleton bars in a fixed rhythm, so that loading looks like rows and not like noise. */
const shares = [62, 74, 48, 80, 66, 55, 70];

export function SkeletonRow<R>({
  columns,
  index,
  start,
  phone,
  checkbox,
}: {
  columns: readonly Column<R>[];
  index: number;
  start: number;
  phone: boolean;
  checkbox: boolean;
}) {
  const style = { transform: `translateY(${start}px)` };
  if (phone)
    return (
      <div className={css.card} style={style} aria-hidden>
        <div className={css.cardSkeleton}>
          <span className={css.bone} data-thumb />
          <span>
            <span className={css.bone} style={{ inlineSize: `${shares[index % shares.length]}%` }} />
            <span className={css.bone} style={{ inlineSize: '34%' }} />
          </span>
        </div>
      </div>
    );
  return (
    <div className={`${css.row} ${css.placed}`} style={style} aria-hidden>
      {columns.map((column, place) => (
        <div key={column.id} className={css.cell} data-align={alignOf(column)} data-lead={place > 0 ? undefined : checkbox ? 'check' : 'edge'}>
          <span className={css.bone} style={{ inlineSize: `${shares[(index + place) % shares.length]}%` }} />
        </div>
      ))}
    </div>
  );
}
