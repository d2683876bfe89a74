import { useEffect, useState } from 'react';
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import '@mantine/spotlight/styles.css';
import { useDebouncedValue } from '@mantine/hooks';
import { IconBox, IconReceipt2, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { paths } from '../lib/paths.ts';
import css from './palette.module.css';

/** A thing found by its name, SKU, barcode or number. */
export interface PaletteHit {
  kind: 'product' | 'order';
  id: string;
  title: string;
  subtitle: string;
}

/** Asks the API for what is typed; given by the frame, because the kit does not know the API. */
export type PaletteSearch = (q: string) => Promise<{ items: readonly PaletteHit[] }>;

const [store, actions] = createSpotlight();

/** Ctrl-K: every page, and every product and order by what is typed. Mounted while open. */
export function CommandPalette({
  search,
  show,
  more,
  onClose,
}: {
  search: PaletteSearch;
  /** Further pages: the stores. */
  more: readonly { label: string; to: string }[];
  show: { orders: boolean; products: boolean; inventory: boolean; settings: boolean };
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const router = useRouter();
  const [query, setQuery] = useState('');
  const [asked] = useDebouncedValue(query.trim(), 120);
  useEffect(() => actions.open(), []);
  const found = useQuery({
    queryKey: ['search', asked],
    queryFn: () => search(asked),
    enabled: asked !== '',
    staleTime: 30_000,
    placeholderData: (before) => before,
  });
  const pages = [
    { label: t('nav.today'), to: paths.today(), on: true },
    { label: t('nav.orders'), to: paths.orders(), on: show.orders },
    { label: t('nav.products'), to: paths.products(), on: show.products },
    { label: t('nav.inventory'), to: paths.inventory(), on: show.inventory },
    { label: t('nav.activity'), to: paths.activity(), on: true },
    { label: t('nav.settings'), to: paths.settings(), on: show.settings },
    ...more.map((page) => ({ ...page, on: true })),
  ].filter((page) => page.on && page.label.toLocaleLowerCase().includes(query.trim().toLocaleLowerCase()));
  const hits = asked === '' || query.trim() === '' ? [] : (found.data?.items ?? []);
  // The kind of the best hit comes first: an order's number finds the order before products that hold the digits.
  const placeOf = (kind: PaletteHit['kind']): number => hits.findIndex((hit) => hit.kind === kind);
  const kinds = [
    { kind: 'product', label: t('nav.products'), icon: <IconBox size="1.1em" stroke={1.6} />, to: paths.product },
    { kind: 'order', label: t('nav.orders'), icon: <IconReceipt2 size="1.1em" stroke={1.6} />, to: paths.order },
  ] as const;
  const groups = kinds.toSorted((one, other) => placeOf(one.kind) - placeOf(other.kind));
  useFirstMarked([query, ...hits.map((hit) => hit.id), ...pages.map((page) => page.to)].join(' '));
  const go = (to: string): void => {
    actions.close();
    void router.navigate({ href: to });
  };
  const busy = query.trim() !== '' && (asked !== query.trim() || found.isFetching);
  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      onSpotlightClose={onClose}
      scrollable
      maxHeight="60vh"
      radius="xl"
      transitionProps={{ duration: 90 }}
      overlayProps={{ backgroundOpacity: 0.25 }}
      classNames={{ action: css.action, search: css.search, actionsGroup: css.group }}
    >
      <Spotlight.Search placeholder={t('palette.placeholder')} aria-label={t('palette.title')} leftSection={<IconSearch size="1.2em" stroke={1.6} />} />
      <Spotlight.ActionsList>
        {groups.map((group) => {
          const items = hits.filter((hit) => hit.kind === group.kind);
          return items.length === 0 ? null : (
            <Spotlight.ActionsGroup key={group.kind} label={group.label}>
              {items.map((hit) => (
                <Spotlight.Action key={hit.id} onClick={() => go(group.to(hit.id))} leftSection={group.icon} label={hit.title} description={hit.subtitle} />
              ))}
            </Spotlight.ActionsGroup>
          );
        })}
        {pages.length === 0 ? null : (
          <Spotlight.ActionsGroup label={t('palette.pages')}>
            {pages.map((page) => (
              <Spotlight.Action key={page.to} onClick={() => go(page.to)} label={page.label} />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {found.isError && asked !== '' ? (
          <p className={css.note} role="alert">
            {t('palette.failed')}
          </p>
        ) : null}
        {hits.length === 0 && query.trim() !== '' && !found.isError && (busy || pages.length === 0) ? (
          <Spotlight.Empty>{busy ? t('palette.searching') : t('palette.nothing', { query: query.trim() })}</Spotlight.Empty>
        ) : null}
      </Spotlight.ActionsList>
      {query === '' ? <Spotlight.Footer className={css.note}>{t('palette.hint')}</Spotlight.Footer> : null}
    </Spotlight.Root>
  );
}

/** Marks the first entry whenever the entries change, so that Enter opens it. */
function useFirstMarked(entries: string): void {
  useEffect(() => {
    const { listId } = store.getState();
    const found = [...(document.getElementById(listId)?.querySelectorAll('[data-action]') ?? [])];
    for (const [place, entry] of found.entries()) {
      if (place === 0) entry.setAttribute('data-selected', 'true');
      else entry.removeAttribute('data-selected');
    }
    store.updateState((state) => ({ ...state, selected: found.length === 0 ? -1 : 0 }));
  }, [entries]);
}
