import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from './link.tsx';
import css from './page.module.css';

/** A screen. `fill`: its last child (a DataList) takes the rest of the height and scrolls by itself; else the page scrolls. */
export function Page({ title, fill = false, children }: { title: string; fill?: boolean; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Karavan`;
  }, [title]);
  return (
    <main id="content" className={css.page} data-fill={fill || undefined} data-scroller tabIndex={-1}>
      {children}
    </main>
  );
}

/** What stands under the head of a page that is not a list; `reading` is a narrow column for forms and settings. */
export function PageBody({ children, reading = false }: { children: ReactNode; reading?: boolean }) {
  return (
    <div className={css.body} data-reading={reading || undefined}>
      {children}
    </div>
  );
}

/** Detail layout: `summary` left (optional), content, `aside` right; one column on a phone, in that order. */
export function Columns({ summary, children, aside }: { summary?: ReactNode; children: ReactNode; aside?: ReactNode }) {
  return (
    <div className={css.columns} data-summary={summary !== undefined || undefined} data-aside={aside !== undefined || undefined}>
      {summary === undefined ? null : <div className={css.summary}>{summary}</div>}
      <div className={css.content}>{children}</div>
      {aside === undefined ? null : <aside className={css.aside}>{aside}</aside>}
    </div>
  );
}

/** Boxes beside each other that wrap: `<Grid>` of Panels. */
export function Grid({ children, columns = 2 }: { children: ReactNode; columns?: 1 | 2 | 3 }) {
  return (
    <div className={css.grid} data-columns={columns}>
      {children}
    </div>
  );
}

/** Things in a column with the usual distance. */
export function Stack({ children, tight = false }: { children: ReactNode; tight?: boolean }) {
  return (
    <div className={css.stack} data-tight={tight || undefined}>
      {children}
    </div>
  );
}

/** Things in a line that wraps. */
export function Line({ children, spread = false }: { children: ReactNode; spread?: boolean }) {
  return (
    <div className={css.line} data-spread={spread || undefined}>
      {children}
    </div>
  );
}

export interface PageHeadProps {
  title: ReactNode;
  /** How many there are, after the title. */
  count?: ReactNode;
  /** Words after the title: a Status, a date, a ChannelName. */
  note?: ReactNode;
  /** Where this page hangs, outermost first. */
  trail?: readonly { label: string; to: string }[];
  /** Secondary actions first, the one primary action last. */
  actions?: ReactNode;
}

/** Title, count and actions: the first line of every page. */
export function PageHead({ title, count, note, trail, actions }: PageHeadProps) {
  const { t } = useTranslation();
  return (
    <header className={css.head}>
      {trail === undefined || trail.length === 0 ? null : (
        <nav aria-label={t('breadcrumb')} className={css.trail}>
          {trail.map((step) => (
            <span key={step.to}>
              <Link plain to={step.to}>
                {step.label}
              </Link>
              <span aria-hidden> / </span>
            </span>
          ))}
        </nav>
      )}
      <h1>{title}</h1>
      {count === undefined || count === null ? null : <span className={css.count}>{count}</span>}
      {note === undefined ? null : <span className={css.note}>{note}</span>}
      {actions === undefined ? null : <div className={css.actions}>{actions}</div>}
    </header>
  );
}

export interface View {
  /** Address from `lib/paths.ts`. */
  to: string;
  label: string;
  count?: string;
  active: boolean;
}

/** Saved views of a list, or the tabs of a detail: links, because each is an address. */
export function Views({ views, label, children, inset = false }: { views: readonly View[]; label?: string; children?: ReactNode; inset?: boolean }) {
  const { t } = useTranslation();
  return (
    <nav className={css.views} aria-label={label ?? t('views.label')} data-inset={inset || undefined}>
      {views.map((view) => (
        <Link key={view.to} plain to={view.to} className={css.view} aria-current={view.active ? 'page' : undefined}>
          {view.label}
          {view.count === undefined ? null : <span className={css.viewCount}>{view.count}</span>}
        </Link>
      ))}
      {children}
    </nav>
  );
}

/** The line between head and list: the sentence left, search and list tools right. */
export function ListBar({ children, tools }: { children?: ReactNode; tools?: ReactNode }) {
  return (
    <div className={css.bar}>
      <div className={css.barSentence}>{children}</div>
      {tools === undefined ? null : <div className={css.barTools}>{tools}</div>}
    </div>
  );
}
