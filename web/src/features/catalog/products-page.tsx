import { useMemo } from 'react';
import { Button, Menu } from '@mantine/core';
import { IconBox, IconChevronDown, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ProductItem } from '../../../../server/src/modules/catalog/contract.ts';
import { useActor } from '../../api/actor.ts';
import { channelsQuery } from '../../api/shell.ts';
import { storedState, viewDeeds, viewsQuery, viewState } from '../../api/views.ts';
import { formatTotal } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { parseSearch, stringifySearch, useUrlState } from '../../lib/url-state.ts';
import type { RawSearch } from '../../lib/url-state.ts';
import type { LoadArgs } from '../../routes.tsx';
import { DataList, totalOf } from '../../ui/data-list.tsx';
import { clearFilters, FilterSentence, isFiltered } from '../../ui/filter-sentence.tsx';
import { Legend } from '../../ui/glyph.tsx';
import { useListLayout, useSelection } from '../../ui/list-state.ts';
import { ListTools } from '../../ui/list-tools.tsx';
import { ListBar, Page as Screen, PageHead } from '../../ui/page.tsx';
import { SavedViews } from '../../ui/saved-views.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { ExportSelection } from './export-selection.tsx';
import { useProductColumns, ProductCard } from './product-columns.tsx';
import { useProductFilters } from './product-filters.ts';
import { downloadQuery, filterOf, productCountQuery, productsQuery, productsSearch } from './queries.ts';

const SCREEN = 'products';
const rowId = (row: ProductItem): string => row.id;
const rowName = (row: ProductItem): string => row.title;
const href = (row: ProductItem): string => paths.product(row.id);
const deeds = viewDeeds(SCREEN);
const present = (): RawSearch => viewState(parseSearch(window.location.search));
const sameState = (a: RawSearch, b: RawSearch): boolean => sorted(a) === sorted(b);
const sorted = (state: RawSearch): string => [...new URLSearchParams(stringifySearch(state))].map(String).toSorted().join('&');

export const load = ({ queryClient, search }: LoadArgs) => queryClient.prefetchInfiniteQuery(productsQuery(productsSearch.parse(search)));

/** Every product: found, narrowed, sorted, chosen, taken out. */
export function Page() {
  const { t } = useTranslation('catalog');
  const router = useRouter();
  const { can } = useActor();
  const [search, setSearch] = useUrlState(productsSearch);
  const query = useInfiniteQuery(productsQuery(search));
  const channels = useChannels();
  const filters = useProductFilters(search, channels);
  const columns = useProductColumns(channels);
  const layout = useListLayout(SCREEN, columns);
  const { total, totalIsMore } = totalOf(query);
  const filter = filterOf(search);
  const selection = useSelection(total, { scope: JSON.stringify(filter), totalIsMore });
  const card = useMemo(() => (row: ProductItem) => <ProductCard product={row} channels={channels} />, [channels]);
  const exports = (
    <>
      <Menu.Item component="a" href={paths.exportProducts({ ...downloadQuery(filter), for: 'spreadsheet' })} download>
        {t('export.spreadsheet')}
      </Menu.Item>
      <Menu.Item component="a" href={paths.exportProducts({ ...downloadQuery(filter), for: 'import' })} download>
        {t('export.forImport')}
      </Menu.Item>
    </>
  );
  const importing = can('catalog.write') ? (
    <Menu.Item onClick={() => void router.navigate({ href: paths.importProducts() })}>{t('import.open')}</Menu.Item>
  ) : null;
  return (
    <Screen title={t('list.title')} fill>
      <PageHead
        title={t('list.title')}
        count={total === undefined ? null : formatTotal(total, totalIsMore)}
        actions={
          <>
            <Menu position="bottom-end">
              <Menu.Target>
                <Button visibleFrom="sm" rightSection={<IconChevronDown size="1em" stroke={1.6} />}>
                  {t(can('catalog.write') ? 'list.inAndOut' : 'export.title')}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {importing}
                {exports}
              </Menu.Dropdown>
            </Menu>
            {can('catalog.write') ? (
              <Button variant="filled" leftSection={<IconPlus size="1em" stroke={1.6} />} onClick={() => void router.navigate({ href: paths.newProduct() })}>
                {t('list.new')}
              </Button>
            ) : null}
          </>
        }
      />
      <ProductViews />
      <ListBar
        tools={
          <>
            <SearchBox value={search.q} onChange={(q) => setSearch({ q })} placeholder={t('list.search')} />
            <ListTools layout={layout}>
              {importing}
              {exports}
            </ListTools>
          </>
        }
      >
        <FilterSentence intro={t(search.status === undefined ? 'filter.introAny' : 'filter.intro')} filters={filters} value={search} onChange={setSearch} />
      </ListBar>
      <DataList
        label={t('list.title')}
        query={query}
        layout={layout}
        rowId={rowId}
        rowName={rowName}
        href={href}
        card={card}
        sort={search.sort}
        onSort={(sort) => setSearch({ sort })}
        selection={selection}
        bulk={(chosen) => <ExportSelection selection={chosen} filter={filter} />}
        filtered={isFiltered(filters, search)}
        onClearFilters={() => setSearch({ ...clearFilters(filters), view: undefined })}
        empty={
          <EmptyState
            icon={<IconBox size="1em" stroke={1.4} />}
            title={t('list.emptyTitle')}
            actions={
              can('catalog.write') ? (
                <>
                  <Button variant="filled" onClick={() => void router.navigate({ href: paths.importProducts() })}>
                    {t('import.file')}
                  </Button>
                  <Button onClick={() => void router.navigate({ href: paths.newProduct() })}>{t('list.new')}</Button>
                </>
              ) : undefined
            }
          >
            {t('list.emptyBody')}
          </EmptyState>
        }
        foot={
          channels.length === 0 ? null : (
            <Legend
              items={[
                { state: 'good', label: t('listing.live') },
                { state: 'moving', label: t('listing.sending') },
                { state: 'attention', label: t('listing.differs') },
                { state: 'bad', label: t('listing.refused') },
                { state: 'none', label: t('listing.none') },
              ]}
            />
          )
        }
      />
    </Screen>
  );
}

const none: never[] = [];

function useChannels() {
  const { can } = useActor();
  const items = useQuery({ ...channelsQuery, enabled: can('channels.read') }).data?.items;
  return useMemo(() => items?.filter((channel) => channel.active) ?? none, [items]);
}

/** More counts than this would cost more than they tell. */
const COUNTED = 8;

function ProductViews() {
  const [search, setSearch] = useUrlState(productsSearch);
  const stored = useQuery(viewsQuery(SCREEN)).data ?? none;
  const states = stored.map(storedState);
  const counts = useQueries({ queries: [{}, ...states.slice(0, COUNTED)].map((state) => productCountQuery(productsSearch.parse(state))) });
  const countOf = (place: number): string | undefined => {
    const count = counts[place]?.data;
    return count === undefined ? undefined : formatTotal(count.total, count.totalIsMore);
  };
  const here = present();
  return (
    <SavedViews
      all={{ to: paths.products(), count: countOf(0), active: search.view === undefined || !stored.some((view) => view.id === search.view) }}
      views={stored.map((view, place) => ({
        id: view.id,
        name: view.name,
        shared: view.shared,
        own: view.own,
        to: paths.products({ ...states[place], view: view.id }),
        count: countOf(place + 1),
        active: view.id === search.view,
        changed: !sameState(states[place] ?? {}, here),
      }))}
      deeds={{
        create: async (input) => {
          const view = await deeds.create({ ...input, query: present() });
          setSearch({ view: view.id });
        },
        keepPresent: (id) => deeds.update(id, { query: present() }),
        change: deeds.update,
        remove: async (id) => {
          await deeds.remove(id);
          setSearch({ view: undefined });
        },
      }}
    />
  );
}
