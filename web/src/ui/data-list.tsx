import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useRouter } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useTranslation } from 'react-i18next';
import { formatNumber, formatTotal } from '../lib/format.ts';
import { useKeys } from '../lib/keyboard.ts';
import { BulkBar } from './bulk-bar.tsx';
import { ListHead, ListRow, SkeletonRow, rowStyle } from './data-list-rows.tsx';
import css from './data-list.module.css';
import type { ListLayout, Selection } from './list-state.ts';
import { Problem } from './states.tsx';
import { measure } from './theme.ts';
import { usePhone } from './use-phone.ts';

/** What every list endpoint answers. */
export interface ListPage<Row> {
  items: Row[];
  nextCursor: string | null;
  total?: number;
  totalIsMore?: boolean;
}

/** The part of `useInfiniteQuery`'s result a list needs: pass the result itself. */
export interface ListQuery<Row> {
  data: { pages: ListPage<Row>[] } | undefined;
  error: unknown;
  isPending: boolean;
  isFetching: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: () => unknown;
  refetch: () => unknown;
}

export interface DataListProps<Row> {
  /** Accessible name: "Products". */
  label: string;
  query: ListQuery<Row>;
  layout: ListLayout<Row>;
  rowId: (row: Row) => string;
  /** What a reader calls the row: its title. */
  rowName: (row: Row) => string;
  /** Where Enter and a click go, from `lib/paths.ts`; or `onOpen` for a quick look. */
  href?: (row: Row) => string;
  onOpen?: (row: Row) => void;
  /** The row as a card at 390 px. */
  card: (row: Row) => ReactNode;
  /** Present sort as in the address, and its change. */
  sort?: string;
  onSort?: (sort: string) => void;
  selection?: Selection;
  /** Buttons of the bulk bar. */
  bulk?: (selection: Selection) => ReactNode;
  /** Shown when there is nothing at all: an EmptyState that says what belongs here and the first step. */
  empty: ReactNode;
  /** True while filters or a search narrow the list; then an empty result is "nothing fits" with a way back. */
  filtered?: boolean;
  onClearFilters?: () => void;
  /** Stands in the foot: a Legend. */
  foot?: ReactNode;
}

const SKELETONS = 12;

/** Total of the first page, for titles and selections. */
export const totalOf = (query: ListQuery<unknown>): { total: number | undefined; totalIsMore: boolean } => ({
  total: query.data?.pages[0]?.total,
  totalIsMore: query.data?.pages[0]?.totalIsMore ?? false,
});

/**
 * The list of every screen: keyset pages loaded while scrolling, only what is visible drawn, head and first column sticky,
 * `j` `k` move, `x` selects, `Enter` opens, shift-click selects a range; cards on a phone. It fills the rest of a `<Page fill>`.
 */
export function DataList<Row>(props: DataListProps<Row>) {
  const { query, layout, rowId, rowName, href, onOpen, selection, filtered = false } = props;
  const { t } = useTranslation();
  const router = useRouter();
  const phone = usePhone();
  const [list, setList] = useState<HTMLDivElement | null>(null);
  const body = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState(-1);
  const anchor = useRef(-1);
  /** Row that takes the focus as soon as it is drawn. */
  const wanted = useRef(-1);
  /** The columns are wider than the screen: only then the first one is made to stay. */
  const [wide, setWide] = useState(false);

  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const { total, totalIsMore } = totalOf(query);
  const rowHeight = layout.compact ? measure.rowCompact : measure.row;
  const waiting = query.hasNextPage ? 3 : 0;

  const virtual = useVirtualizer({
    count: query.isPending ? SKELETONS : rows.length + waiting,
    // On a phone the page scrolls, otherwise the list does.
    getScrollElement: () => (phone ? (list?.closest<HTMLElement>('[data-scroller]') ?? null) : list),
    estimateSize: () => (phone ? measure.card : rowHeight),
    scrollMargin: phone ? (list?.offsetTop ?? 0) : 0,
    overscan: phone ? 6 : 14,
    useFlushSync: false,
    scrollPaddingStart: phone ? 0 : measure.rowHead,
    scrollPaddingEnd: measure.bar,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? `waiting-${index}` : rowId(row);
    },
  });
  const items = virtual.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? -1;

  useEffect(() => virtual.measure(), [virtual, rowHeight, phone]);
  useEffect(() => {
    if (wanted.current < 0) return;
    const row = body.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`);
    if (row === null || row === undefined) return;
    wanted.current = -1;
    (row.querySelector('a') ?? row).focus({ preventScroll: true });
  });
  useEffect(() => {
    if (list === null || phone) return undefined;
    const look = new ResizeObserver(() => setWide(list.scrollWidth > list.clientWidth + 1));
    look.observe(list);
    return () => look.disconnect();
  }, [list, phone, layout.visible]);
  const fetchNext = query.fetchNextPage;
  const mayFetch = query.hasNextPage && !query.isFetchingNextPage && !query.isFetchNextPageError;
  useEffect(() => {
    if (mayFetch && lastSeen >= rows.length - 20) void fetchNext();
  }, [mayFetch, lastSeen, rows.length, fetchNext]);

  // Handlers of the rows never change, so that a row is drawn again only for its own sake.
  const latest = useRef({ rows, selection, href, onOpen, rowId });
  useEffect(() => {
    latest.current = { rows, selection, href, onOpen, rowId };
  });
  const open = useCallback(
    (index: number, newTab: boolean) => {
      const now = latest.current;
      const row = now.rows[index];
      if (row === undefined) return;
      if (now.href === undefined) now.onOpen?.(row);
      else if (newTab) window.open(now.href(row), '_blank', 'noopener');
      else void router.navigate({ href: now.href(row) });
    },
    [router],
  );
  const check = useCallback((index: number, event: { shiftKey: boolean }) => {
    const now = latest.current;
    const row = now.rows[index];
    if (row === undefined || now.selection === undefined) return;
    const on = !now.selection.has(now.rowId(row));
    if (event.shiftKey && anchor.current >= 0) {
      const [from, to] = anchor.current < index ? [anchor.current, index] : [index, anchor.current];
      now.selection.setMany(now.rows.slice(from, to + 1).map(now.rowId), on);
    } else now.selection.toggle(now.rowId(row), on);
    anchor.current = index;
  }, []);

  const moveTo = (index: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setCursor(next);
    wanted.current = next;
    virtual.scrollToIndex(next, { align: 'auto' });
  };
  useKeys(
    {
      j: () => moveTo(cursor + 1),
      k: () => moveTo(cursor - 1),
      x: () => check(cursor, { shiftKey: false }),
      Enter: () => open(cursor, false),
      Escape: () => (selection !== undefined && selection.count > 0 ? selection.clear() : setCursor(-1)),
    },
    rows.length > 0,
  );

  const blank = !query.isPending && rows.length === 0;
  const shownIds = (): string[] => rows.map(rowId);
  const allShown = rows.length > 0 && selection !== undefined && rows.every((row) => selection.has(rowId(row)));
  const style = rowStyle(layout.visible, selection !== undefined);

  if (blank && query.error !== null && query.error !== undefined)
    return (
      <div className={css.state}>
        <Problem error={query.error} title={t('list.failed')} onRetry={() => void query.refetch()} />
      </div>
    );
  if (blank)
    return (
      <div className={css.state}>
        {filtered ? (
          <div className={css.nothing}>
            <h2>{t('list.nothingFound')}</h2>
            <p>{t('list.nothingFoundHint')}</p>
            {props.onClearFilters === undefined ? null : (
              <button type="button" className={css.textButton} onClick={props.onClearFilters}>
                {t('filter.clearAll')}
              </button>
            )}
          </div>
        ) : (
          props.empty
        )}
      </div>
    );

  return (
    <>
      <div
        ref={setList}
        className={css.scroller}
        data-phone={phone || undefined}
        data-wide={wide || undefined}
        data-compact={layout.compact || undefined}
        data-refreshing={(query.isFetching && !query.isFetchingNextPage && !query.isPending) || undefined}
        role="grid"
        aria-label={props.label}
        aria-rowcount={total === undefined || totalIsMore ? -1 : total + 1}
        aria-busy={query.isPending}
        aria-multiselectable={selection === undefined ? undefined : true}
        tabIndex={phone ? undefined : 0}
        style={style}
      >
        {phone ? null : (
          <ListHead
            columns={layout.visible}
            sort={props.sort}
            onSort={props.onSort}
            check={
              selection === undefined
                ? undefined
                : {
                    checked: allShown,
                    some: selection.count > 0,
                    onChange: () => (allShown || selection.count > 0 ? selection.clear() : selection.setMany(shownIds(), true)),
                  }
            }
          />
        )}
        <div ref={body} className={css.body} role="rowgroup" style={{ blockSize: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            const start = item.start - virtual.options.scrollMargin;
            if (row === undefined)
              return <SkeletonRow key={item.key} columns={layout.visible} index={item.index} start={start} phone={phone} checkbox={selection !== undefined} />;
            return (
              <ListRow
                key={item.key}
                row={row}
                index={item.index}
                name={rowName(row)}
                columns={layout.visible}
                start={start}
                measureRef={phone ? virtual.measureElement : undefined}
                card={phone ? props.card : undefined}
                selected={selection?.has(rowId(row)) ?? false}
                active={item.index === cursor}
                onCheck={selection === undefined ? undefined : check}
                onOpen={href === undefined && onOpen === undefined ? undefined : open}
                to={href?.(row)}
                onActive={setCursor}
              />
            );
          })}
        </div>
        {query.isFetchNextPageError ? (
          <div className={css.more}>
            <Problem error={query.error} title={t('list.failedMore')} onRetry={() => void query.fetchNextPage()} />
          </div>
        ) : null}
      </div>
      <footer className={css.foot}>
        <span role="status">
          {query.isPending || total === undefined
            ? ''
            : rows.length >= total && !totalIsMore
              ? t('list.all', { total: formatNumber(total) })
              : t('list.range', { shown: formatNumber(rows.length), total: formatTotal(total, totalIsMore) })}
        </span>
        {props.foot}
      </footer>
      {selection !== undefined && selection.count > 0 ? (
        <BulkBar selection={selection} total={total} totalIsMore={totalIsMore}>
          {props.bulk?.(selection)}
        </BulkBar>
      ) : null}
    </>
  );
}
