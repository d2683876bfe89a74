import { useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';

/** One column of a DataList. Features keep their columns in a constant or a `useMemo`. */
export interface Column<Row> {
  id: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Name in the column menu and for readers when `header` is not plain text. */
  label?: string;
  /** Width in characters of the table's type; `grow` columns take what is left and are never narrower. */
  chars: number;
  grow?: boolean;
  /** Figures: right-aligned, tabular numerals. */
  end?: boolean;
  /** A mark or shape in the middle. */
  centre?: boolean;
  /** The API's name of this sort; `-name` is descending. `first` is the direction of the first click. */
  sort?: string;
  first?: 'ascending' | 'descending';
  /** Not shown until chosen. */
  hidden?: boolean;
  /** Cannot be hidden: the first column. */
  fixed?: boolean;
}

/* ── Column and density choice, remembered per list ──────────────────── */

interface Layout {
  /** Column id → shown; only what differs from the default. */
  shown: Record<string, boolean>;
  compact: boolean;
}
const layouts = new Map<string, Layout>();
const watchers = new Set<() => void>();
const storageKey = (name: string): string => `karavan.list.${name}`;

function readLayout(name: string): Layout {
  const known = layouts.get(name);
  if (known !== undefined) return known;
  let layout: Layout = { shown: {}, compact: false };
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey(name)) ?? 'null');
    if (typeof stored === 'object' && stored !== null && 'shown' in stored && typeof stored.shown === 'object' && stored.shown !== null)
      layout = { shown: stored.shown as Record<string, boolean>, compact: 'compact' in stored && stored.compact === true };
  } catch {
    // What an older version or a person left there does not matter: the default layout is used.
  }
  layouts.set(name, layout);
  return layout;
}

export interface ListLayout<Row> {
  columns: readonly Column<Row>[];
  visible: readonly Column<Row>[];
  compact: boolean;
  isShown: (id: string) => boolean;
  toggle: (id: string) => void;
  setCompact: (compact: boolean) => void;
  showAll: () => void;
}

/** Which columns a person sees and how dense the rows are, kept in the browser under `name`. */
export function useListLayout<Row>(name: string, columns: readonly Column<Row>[]): ListLayout<Row> {
  const layout = useSyncExternalStore(
    (changed) => {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    () => readLayout(name),
  );
  return useMemo(() => {
    const write = (next: Layout): void => {
      layouts.set(name, next);
      localStorage.setItem(storageKey(name), JSON.stringify(next));
      for (const one of watchers) one();
    };
    const shown = (column: Column<Row>): boolean => column.fixed === true || (layout.shown[column.id] ?? column.hidden !== true);
    const isShown = (id: string): boolean => columns.some((column) => column.id === id && shown(column));
    return {
      columns,
      visible: columns.filter(shown),
      compact: layout.compact,
      isShown,
      toggle: (id) => write({ ...layout, shown: { ...layout.shown, [id]: !isShown(id) } }),
      setCompact: (compact) => write({ ...layout, compact }),
      showAll: () => write({ ...layout, shown: Object.fromEntries(columns.map((column) => [column.id, true])) }),
    };
  }, [name, columns, layout]);
}

/* ── Selection across pages ──────────────────────────────────────────── */

/** Either the rows named, or every row that matches the list's filters but a few. A bulk action sends this as it is. */
export type Selected = { mode: 'some'; ids: readonly string[] } | { mode: 'all'; except: readonly string[] };

export interface Selection {
  selected: Selected;
  /** How many rows that is; with `mode: 'all'` from the list's total. */
  count: number;
  isMore: boolean;
  has: (id: string) => boolean;
  toggle: (id: string, on?: boolean) => void;
  /** Sets many at once: shift-click, select all shown. */
  setMany: (ids: readonly string[], on: boolean) => void;
  selectAll: () => void;
  clear: () => void;
}

/** Selection of one list. Give a `scope` (the filters as text): when it changes the selection is dropped. */
export function useSelection(total: number | undefined, options: { scope: string; totalIsMore?: boolean }): Selection {
  const { scope, totalIsMore = false } = options;
  const [state, setState] = useState<{ scope: string; all: boolean; marked: ReadonlySet<string> }>({ scope, all: false, marked: new Set() });
  const current = state.scope === scope ? state : { scope, all: false, marked: new Set<string>() };
  const setMany = useCallback(
    (ids: readonly string[], on: boolean) =>
      setState((before) => {
        const base = before.scope === scope ? before : { scope, all: false, marked: new Set<string>() };
        const marked = new Set(base.marked);
        for (const id of ids)
          if (on === base.all) marked.delete(id);
          else marked.add(id);
        return { ...base, marked };
      }),
    [scope],
  );
  const selectAll = useCallback(() => setState({ scope, all: true, marked: new Set() }), [scope]);
  const clear = useCallback(() => setState({ scope, all: false, marked: new Set() }), [scope]);
  const { all, marked } = current;
  return useMemo(() => {
    const has = (id: string): boolean => marked.has(id) !== all;
    return {
      selected: all ? { mode: 'all', except: [...marked] } : { mode: 'some', ids: [...marked] },
      count: all ? Math.max(0, (total ?? 0) - marked.size) : marked.size,
      isMore: all && totalIsMore,
      has,
      toggle: (id, on) => setMany([id], on ?? !has(id)),
      setMany,
      selectAll,
      clear,
    };
  }, [all, marked, total, totalIsMore, setMany, selectAll, clear]);
}
