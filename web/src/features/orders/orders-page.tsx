import { useMemo } from 'react';
import { Button, Menu } from '@mantine/core';
import { IconReceipt2 } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Order, OrderCounts } from '../../../../server/src/modules/orders/contract.ts';
import { useActor } from '../../api/actor.ts';
import { useFreshList } from '../../api/fresh-list.ts';
import { channelsQuery, orderCountsQuery } from '../../api/shell.ts';
import { formatNumber, formatTotal } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { useUrlState } from '../../lib/url-state.ts';
import type { LoadArgs } from '../../routes.tsx';
import { Quiet, RowCard } from '../../ui/cells.tsx';
import { ChannelMark } from '../../ui/channel-mark.tsx';
import { DataList, totalOf } from '../../ui/data-list.tsx';
import { Money } from '../../ui/figures.tsx';
import { clearFilters, FilterSentence, isFiltered } from '../../ui/filter-sentence.tsx';
import type { FilterDef } from '../../ui/filter-sentence.tsx';
import { Link } from '../../ui/link.tsx';
import { useListLayout } from '../../ui/list-state.ts';
import type { Column } from '../../ui/list-state.ts';
import { ListTools } from '../../ui/list-tools.tsx';
import { OrderStatus } from '../../ui/order-status.tsx';
import { ListBar, Page as Frame, PageHead, Views } from '../../ui/page.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { EmptyState, Notice } from '../../ui/states.tsx';
import { When } from '../../ui/when.tsx';
import { ordersQuery, ordersSearch, problems, refreshOrderLists, sortOf, statuses, viewOf, views } from './queries.ts';
import type { OrderView } from './queries.ts';
import { QuarantineDrawer } from './quarantine-drawer.tsx';
import { useSyncOrders } from './sync-orders.tsx';

export const load = ({ queryClient, search }: LoadArgs) => queryClient.prefetchInfiniteQuery(ordersQuery(ordersSearch.parse(search)));

const rowId = (order: Order): string => order.id;
const rowName = (order: Order): string => order.number;
const href = (order: Order): string => paths.order(order.id);
const isOpen = (order: Order): boolean => order.status === 'pending' || order.status === 'new' || order.status === 'processing';

function Goods({ order }: { order: Order }) {
  const { t } = useTranslation('orders');
  return (
    <span>
      {order.title} {order.lineCount > 1 ? <Quiet>{t('list.more', { count: order.lineCount - 1 })}</Quiet> : null}
    </span>
  );
}

/** A deadline counts down only while there is still something to hand over. */
function Deadline({ order }: { order: Order }) {
  if (order.shipBy === null) return <Quiet>–</Quiet>;
  return isOpen(order) ? (
    <When at={order.shipBy} deadline />
  ) : (
    <Quiet>
      <When at={order.shipBy} />
    </Quiet>
  );
}

const card = (order: Order) => (
  <RowCard
    lead={<ChannelMark channel={order.channel} alone />}
    title={order.number}
    lines={[<Goods key="goods" order={order} />, order.customerName ?? <When key="when" at={order.orderedAt} />]}
    end={[
      <OrderStatus key="status" status={order.status} problem={order.problem} />,
      <Deadline key="deadline" order={order} />,
      <Money key="total" value={order.total} />,
    ]}
  />
);

function useColumns(people: boolean): Column<Order>[] {
  const { t } = useTranslation('orders');
  return useMemo(
    () => [
      { id: 'number', header: t('column.number'), chars: 10, fixed: true, cell: (order) => order.number },
      { id: 'channel', header: t('column.channel'), chars: 5, centre: true, cell: (order) => <ChannelMark channel={order.channel} alone /> },
      ...(people ? [{ id: 'customer', header: t('column.customer'), chars: 18, cell: (order: Order) => <span>{order.customerName}</span> }] : []),
      { id: 'title', header: t('column.title'), chars: 26, grow: true, cell: (order) => <Goods order={order} /> },
      { id: 'status', header: t('column.status'), chars: 15, cell: (order) => <OrderStatus status={order.status} problem={order.problem} /> },
      { id: 'deadline', header: t('column.deadline'), chars: 14, end: true, sort: 'deadline', cell: (order) => <Deadline order={order} /> },
      { id: 'total', header: t('column.total'), chars: 13, end: true, cell: (order) => <Money value={order.total} /> },
      {
        id: 'received',
        header: t('column.received'),
        chars: 15,
        end: true,
        sort: 'newest',
        first: 'descending',
        cell: (order) => <When at={order.orderedAt} />,
      },
    ],
    [t, people],
  );
}

const COUNT_LIMIT = 10_000;
const countText = (count: number): string => formatTotal(count, count >= COUNT_LIMIT);

/** How many orders each view holds, from one request. */
const countOf = (counts: OrderCounts): Record<OrderView, number> => {
  const { pending = 0, new: fresh = 0, processing = 0 } = counts.byStatus;
  return {
    open: pending + fresh + processing,
    today: counts.today,
    late: counts.late,
    mapping: counts.needsMapping,
    all: Object.values(counts.byStatus).reduce((sum, count) => sum + count, 0),
  };
};

/** Orders of all stores. */
export function Page() {
  const { t } = useTranslation(['orders', 'common']);
  const { can } = useActor();
  const [search, setSearch] = useUrlState(ordersSearch);
  const view = viewOf(search);
  const query = useInfiniteQuery(ordersQuery(search));
  const counts = useQuery(orderCountsQuery).data;
  const channels = useQuery({ ...channelsQuery, enabled: can('channels.read') }).data?.items ?? [];
  const layout = useListLayout('orders', useColumns(can('orders.customers')));
  const sync = useSyncOrders();
  const stale = useFreshList(counts, query.data?.pages.length ?? 0, refreshOrderLists);
  const { total, totalIsMore } = totalOf(query);
  const sort = sortOf(search);
  const numbers = counts === undefined ? undefined : countOf(counts);

  const filters: FilterDef[] = [
    {
      kind: 'choice',
      key: 'status',
      label: t('filter.status'),
      lead: t('filter.statusLead'),
      options: statuses.map((value) => ({ value, label: t(`common:order.status.${value}`) })),
    },
    ...(channels.length > 1
      ? [
          {
            kind: 'choice',
            key: 'channel',
            label: t('filter.channel'),
            lead: t('filter.channelLead'),
            options: channels.map((channel) => ({ value: channel.id, label: channel.name })),
          } as const,
        ]
      : []),
    ...(view === 'mapping'
      ? []
      : [
          {
            kind: 'choice',
            key: 'problem',
            label: t('filter.problem'),
            lead: t('filter.problemLead'),
            options: problems.map((value) => ({ value, label: t(`common:order.problem.${value}`) })),
          } as const,
        ]),
    ...(view === 'today' || view === 'late'
      ? []
      : [
          {
            kind: 'choice',
            key: 'deadline',
            label: t('filter.deadline'),
            lead: t('filter.deadlineLead'),
            options: [
              { value: 'late', label: t('filter.late') },
              { value: 'today', label: t('filter.today') },
            ],
          } as const,
        ]),
  ];
  const filtered = isFiltered(filters, search);
  const nothingAtAll = numbers !== undefined && numbers.all === 0;

  return (
    <Frame title={t('list.title')} fill>
      <PageHead
        title={t('list.title')}
        count={total === undefined ? null : formatTotal(total, totalIsMore)}
        actions={
          can('orders.write') && (channels.length > 0 || !can('channels.read')) ? (
            <Button onClick={sync.start} loading={sync.busy}>
              {t('list.sync')}
            </Button>
          ) : undefined
        }
      />
      <Views
        views={views.map((one) => ({
          to: paths.orders({ view: one === 'open' ? undefined : one }),
          label: t(`views.${one}`),
          count: numbers === undefined ? undefined : countText(numbers[one]),
          active: one === view,
        }))}
      />
      <ListBar
        tools={
          <>
            <SearchBox value={search.q} onChange={(q) => setSearch({ q })} placeholder={t(can('orders.customers') ? 'list.search' : 'list.searchNumber')} />
            <ListTools layout={layout}>
              <Menu.Label>{t('list.order')}</Menu.Label>
              <Menu.RadioGroup value={sort} onChange={(value) => setSearch({ sort: value })}>
                <Menu.RadioItem value="newest">{t('list.newest')}</Menu.RadioItem>
                <Menu.RadioItem value="deadline">{t('list.urgent')}</Menu.RadioItem>
              </Menu.RadioGroup>
            </ListTools>
          </>
        }
      >
        <FilterSentence intro={t(`intro.${view}`)} filters={filters} value={search} onChange={setSearch} />
      </ListBar>
      {sync.strip}
      {counts !== undefined && counts.quarantined > 0 ? (
        <Notice
          flush
          state="bad"
          title={t('quarantine.notice', { count: counts.quarantined, number: formatNumber(counts.quarantined) })}
          action={<Button onClick={() => setSearch({ quarantine: true })}>{t('quarantine.see')}</Button>}
        >
          {t('quarantine.meaning')}
        </Notice>
      ) : null}
      <DataList
        label={t('list.title')}
        query={query}
        layout={layout}
        rowId={rowId}
        rowName={rowName}
        href={href}
        card={card}
        sort={sort === 'newest' ? '-newest' : 'deadline'}
        onSort={(next) => setSearch({ sort: next.endsWith('deadline') ? 'deadline' : 'newest' })}
        filtered={filtered}
        onClearFilters={() => setSearch(clearFilters(filters))}
        empty={
          nothingAtAll ? (
            <EmptyState
              icon={<IconReceipt2 size="1em" stroke={1.4} />}
              title={t('list.empty')}
              actions={
                channels.length === 0 && can('channels.connect') ? (
                  <Button variant="filled" component={Link} plain to={paths.connectChannel()}>
                    {t('list.connect')}
                  </Button>
                ) : undefined
              }
            >
              {t('list.emptyText')}
            </EmptyState>
          ) : (
            <EmptyState
              title={t(`list.emptyView.${view}`)}
              actions={
                view === 'all' ? undefined : (
                  <Button component={Link} plain to={paths.orders({ view: 'all' })}>
                    {t('list.showAll')}
                  </Button>
                )
              }
            >
              {t('list.emptyViewText')}
            </EmptyState>
          )
        }
        foot={
          stale.isStale ? (
            <span>
              {t('common:list.changed')}{' '}
              <Button variant="transparent" size="xs" onClick={stale.refresh}>
                {t('common:list.showNewest')}
              </Button>
            </span>
          ) : undefined
        }
      />
      <QuarantineDrawer opened={search.quarantine === true} onClose={() => setSearch({ quarantine: undefined })} />
    </Frame>
  );
}
