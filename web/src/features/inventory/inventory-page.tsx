import { useMemo } from 'react';
import { Menu } from '@mantine/core';
import { IconStack2 } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueries } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { InventoryItem } from '../../../../server/src/modules/inventory/contract.ts';
import { useActor } from '../../api/actor.ts';
import { api } from '../../api/client.ts';
import { formatNumber, formatTotal } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { useUrlState } from '../../lib/url-state.ts';
import type { LoadArgs } from '../../routes.tsx';
import { Quiet, RowCard, TitleCell } from '../../ui/cells.tsx';
import { DataList, totalOf } from '../../ui/data-list.tsx';
import { Stock } from '../../ui/figures.tsx';
import { clearFilters, FilterSentence, isFiltered } from '../../ui/filter-sentence.tsx';
import type { FilterDef } from '../../ui/filter-sentence.tsx';
import { useListLayout } from '../../ui/list-state.ts';
import type { Column } from '../../ui/list-state.ts';
import { ListTools } from '../../ui/list-tools.tsx';
import { Link } from '../../ui/link.tsx';
import { ListBar, Page as Screen, PageHead, Views } from '../../ui/page.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { toast, toastProblem } from '../../ui/toast.tsx';
import { When } from '../../ui/when.tsx';
import { invalidateStock, inventoryQuery, inventorySearch, itemCountQuery, itemFilters } from './queries.ts';
import { stockPhrase, stockState } from './stock-words.ts';

const rowId = (row: InventoryItem): string => row.id;
const rowName = (row: InventoryItem): string => row.name;
const href = (row: InventoryItem): string => paths.inventoryItem(row.id);

export const load = ({ queryClient, search }: LoadArgs) => queryClient.prefetchInfiniteQuery(inventoryQuery(inventorySearch.parse(search)));

/** What lies on the shelf, what is promised, and what is left to sell. */
export function Page() {
  const { t } = useTranslation('inventory');
  const { can } = useActor();
  const [search, setSearch] = useUrlState(inventorySearch);
  const query = useInfiniteQuery(inventoryQuery(search));
  const columns = useColumns();
  const layout = useListLayout('inventory', columns);
  const { total, totalIsMore } = totalOf(query);
  const filters = useMemo(
    (): FilterDef[] => [
      {
        kind: 'choice',
        key: 'filter',
        label: t('filter.label'),
        always: search.filter !== undefined,
        options: itemFilters.map((value) => ({ value, label: t(`filter.${value}`) })),
      },
    ],
    [t, search.filter],
  );
  const card = useMemo(() => (row: InventoryItem) => <ItemCard item={row} />, []);
  const recount = useMutation({
    mutationFn: () => api.inventory.syncStock({}),
    onSuccess: async (result) => {
      await invalidateStock();
      toast(t('sync.done', { checked: formatNumber(result.checked), corrected: formatNumber(result.corrected), unmapped: formatNumber(result.unmapped) }));
    },
    onError: toastProblem,
  });
  return (
    <Screen title={t('list.title')} fill>
      <PageHead title={t('list.title')} count={total === undefined ? null : formatTotal(total, totalIsMore)} />
      <ItemViews active={search.filter} />
      <ListBar
        tools={
          <>
            <SearchBox value={search.q} onChange={(q) => setSearch({ q })} placeholder={t('list.search')} />
            <ListTools layout={layout}>
              {can('inventory.write') ? (
                <Menu.Item disabled={recount.isPending} onClick={() => recount.mutate()}>
                  {t('sync.action')}
                </Menu.Item>
              ) : (
                <Menu.Item component="a" href={paths.products()}>
                  {t('list.toProducts')}
                </Menu.Item>
              )}
            </ListTools>
          </>
        }
      >
        <FilterSentence intro={t(search.filter === undefined ? 'filter.introAny' : 'filter.intro')} filters={filters} value={search} onChange={setSearch} />
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
        filtered={isFiltered(filters, search)}
        onClearFilters={() => setSearch(clearFilters(filters))}
        empty={
          <EmptyState
            icon={<IconStack2 size="1em" stroke={1.4} />}
            title={t('list.emptyTitle')}
            actions={<Link to={paths.products()}>{t('list.toProducts')}</Link>}
          >
            {t('list.emptyBody')}
          </EmptyState>
        }
      />
    </Screen>
  );
}

function useColumns(): readonly Column<InventoryItem>[] {
  const { t } = useTranslation('inventory');
  return useMemo(
    (): Column<InventoryItem>[] => [
      { id: 'name', header: t('field.name'), chars: 28, grow: true, fixed: true, sort: 'name', cell: (row) => <TitleCell>{row.name}</TitleCell> },
      { id: 'sku', header: t('field.sku'), chars: 15, sort: 'sku', cell: (row) => <span>{row.sku}</span> },
      { id: 'onHand', header: t('field.onHand'), chars: 8, end: true, cell: (row) => formatNumber(row.onHand) },
      { id: 'reserved', header: t('field.reserved'), chars: 9, end: true, cell: (row) => (row.reserved === 0 ? <Quiet>0</Quiet> : formatNumber(row.reserved)) },
      {
        id: 'available',
        header: t('field.available'),
        chars: 12,
        end: true,
        sort: 'available',
        cell: (row) => <Stock value={row.available} of={row.reorderPoint} state={shown(row)} />,
      },
      {
        id: 'state',
        header: t('field.state'),
        chars: 18,
        grow: true,
        cell: (row) => (shown(row) === undefined ? null : <Quiet state={shown(row)}>{stockPhrase(t, row)}</Quiet>),
      },
      { id: 'location', header: t('field.location'), chars: 10, cell: (row) => <Quiet>{row.location}</Quiet> },
      { id: 'product', header: t('field.products'), chars: 22, hidden: true, cell: (row) => <ProductLink item={row} /> },
      {
        id: 'moved',
        header: t('field.lastMovedAt'),
        chars: 13,
        cell: (row) => <Quiet>{row.lastMovedAt === null ? t('list.neverMoved') : <When at={row.lastMovedAt} />}</Quiet>,
      },
    ],
    [t],
  );
}

const shown = (item: InventoryItem) => (stockState(item).state === 'good' ? undefined : stockState(item).state);

function ProductLink({ item }: { item: InventoryItem }) {
  const { t } = useTranslation('inventory');
  if (item.product === null) return <Quiet state="attention">{t('list.noProduct')}</Quiet>;
  return (
    <>
      <Link plain to={paths.product(item.product.id)}>
        {item.product.title}
      </Link>
      {item.productCount > 1 ? <Quiet>{t('list.moreProducts', { number: formatNumber(item.productCount - 1) })}</Quiet> : null}
    </>
  );
}

function ItemCard({ item }: { item: InventoryItem }) {
  const { t } = useTranslation('inventory');
  return (
    <RowCard
      title={item.name}
      lines={[
        [item.sku, item.location].filter((part) => part !== '').join(', '),
        <Quiet key="state" state={shown(item)}>
          {stockPhrase(t, item)}
        </Quiet>,
      ]}
      end={[
        <Stock key="available" value={item.available} state={shown(item)} />,
        t('card.onHand', { number: formatNumber(item.onHand) }),
        t('card.reserved', { number: formatNumber(item.reserved) }),
      ]}
    />
  );
}

function ItemViews({ active }: { active: (typeof itemFilters)[number] | undefined }) {
  const { t } = useTranslation('inventory');
  const filters = [undefined, ...itemFilters];
  const counts = useQueries({ queries: filters.map(itemCountQuery) });
  return (
    <Views
      views={filters.map((filter, place) => {
        const count = counts[place]?.data;
        return {
          to: paths.inventory({ filter }),
          label: t(filter === undefined ? 'view.all' : `view.${filter}`),
          count: count === undefined ? undefined : formatTotal(count.total, count.totalIsMore),
          active: filter === active,
        };
      })}
    />
  );
}
