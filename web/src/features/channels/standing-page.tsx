import { useMemo, useState } from 'react';
import { Button, Menu } from '@mantine/core';
import { IconBuildingStore } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { notFound, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Channel, ChannelProduct, PlatformStats } from '../../../../server/src/modules/channels/contract.ts';
import { useActor } from '../../api/actor.ts';
import { useRunEnd } from '../../api/run-end.ts';
import { platformsQuery } from '../../api/shell.ts';
import { formatNumber, formatTotal } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { useUrlState } from '../../lib/url-state.ts';
import type { LoadArgs } from '../../routes.tsx';
import { DataList, totalOf } from '../../ui/data-list.tsx';
import { clearFilters, FilterSentence, isFiltered } from '../../ui/filter-sentence.tsx';
import type { FilterDef } from '../../ui/filter-sentence.tsx';
import { Link } from '../../ui/link.tsx';
import { useListLayout } from '../../ui/list-state.ts';
import { ListTools, MoreMenu } from '../../ui/list-tools.tsx';
import { ListBar, Page as Frame, PageHead, Views } from '../../ui/page.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { toast, toastProblem } from '../../ui/toast.tsx';
import { When } from '../../ui/when.tsx';
import css from './channels.module.css';
import { channelOf, pullStore, pushStates, refreshChannels, standingQuery, standingSearch, standingStatuses, statsQuery } from './queries.ts';
import { StandingCard, useStandingColumns } from './standing-columns.tsx';
import { StandingLook } from './standing-look.tsx';
import { StoreNotices } from './store-notices.tsx';

export const load = async ({ queryClient, params, search }: LoadArgs) => {
  const platform = params['platform'] ?? '';
  const wanted = standingSearch.parse(search);
  // Any unknown address of one word ends here: it is no page, which is not worth a failed request.
  if (!(await queryClient.ensureQueryData(platformsQuery)).items.some((one) => one.platform === platform)) throw notFound();
  await queryClient.ensureQueryData(statsQuery(platform, channelOf(wanted)));
  await queryClient.prefetchInfiniteQuery(standingQuery(platform, wanted));
};

const rowId = (item: ChannelProduct): string => item.id;
const rowName = (item: ChannelProduct): string => item.title;

/** What stands on a platform, which product of ours each is, and how its stock is on the way. */
export function Page() {
  const { t } = useTranslation(['channels', 'common']);
  const { platform = '' } = useParams({ strict: false });
  const { can } = useActor();
  const [search, setSearch] = useUrlState(standingSearch);
  const channelId = channelOf(search);
  const { data: whole } = useQuery(statsQuery(platform, undefined));
  const { data: stats } = useSuspenseQuery(statsQuery(platform, channelId));
  const query = useInfiniteQuery(standingQuery(platform, search));
  const [looked, setLooked] = useState<ChannelProduct | undefined>();
  const stores = whole?.stores ?? stats.stores;
  const store = channelId === undefined ? undefined : stats.stores.find((one) => one.id === channelId);
  const columns = useStandingColumns(stores, channelId !== undefined, setLooked);
  const layout = useListLayout('standing', columns);
  const pulling = usePull();
  const { total, totalIsMore } = totalOf(query);
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const look = looked === undefined ? undefined : (rows.find((item) => item.id === looked.id) ?? looked);
  const filters = useFilters();
  const title = store?.name ?? stats.name;
  const pullable = store === undefined ? stats.stores.filter((one) => one.active) : [store];
  const card = useMemo(() => (item: ChannelProduct) => <StandingCard item={item} stores={stores} />, [stores]);

  if (stores.length === 0) return <NoStore stats={stats} />;
  return (
    <Frame title={title} fill>
      <PageHead
        title={title}
        count={total === undefined ? null : formatTotal(total, totalIsMore)}
        actions={
          <>
            {can('channels.write') ? (
              <Button onClick={() => pulling.start(pullable)} loading={pulling.busy} disabled={pullable.length === 0}>
                {t('standing.pull')}
              </Button>
            ) : null}
            {stores.length === 0 ? null : (
              <MoreMenu bordered>
                {(store === undefined ? stores : [store]).map((one) => (
                  <Menu.Item key={one.id} component={Link} plain to={paths.store(one.platform, one.id)}>
                    {store === undefined ? `${t('standing.settings')}: ${one.name}` : t('standing.settings')}
                  </Menu.Item>
                ))}
              </MoreMenu>
            )}
          </>
        }
      />
      {stores.length < 2 ? null : (
        <Views
          label={t('standing.store')}
          views={[
            { to: paths.platform(platform), label: t('standing.all'), active: channelId === undefined },
            ...stores.map((one) => ({ to: paths.channel(platform, one.id), label: one.name, active: one.id === channelId })),
          ]}
        />
      )}
      <StatsRow stats={stats} platform={platform} channelId={channelId} />
      {store === undefined ? null : <StoreNotices store={store} canWrite={stats.capabilities.includes('stock')} />}
      <ListBar
        tools={
          <>
            <SearchBox value={search.q} onChange={(q) => setSearch({ q })} placeholder={t('standing.search')} />
            <ListTools layout={layout} />
          </>
        }
      >
        <FilterSentence intro={t('standing.intro')} filters={filters} value={search} onChange={setSearch} />
      </ListBar>
      <DataList
        label={t('standing.total')}
        query={query}
        layout={layout}
        rowId={rowId}
        rowName={rowName}
        onOpen={setLooked}
        card={card}
        filtered={isFiltered(filters, search)}
        onClearFilters={() => setSearch(clearFilters(filters))}
        empty={<EmptyState title={t('standing.empty')}>{t('standing.emptyText')}</EmptyState>}
      />
      <StandingLook
        item={look}
        platform={platform}
        store={stores.find((one) => one.id === look?.channelId)}
        onChange={setLooked}
        onClose={() => setLooked(undefined)}
      />
    </Frame>
  );
}

function useFilters(): FilterDef[] {
  const { t } = useTranslation('channels');
  return useMemo(
    () => [
      {
        kind: 'choice',
        key: 'status',
        label: t('standing.filter.status'),
        lead: t('standing.filter.statusLead'),
        options: standingStatuses.map((value) => ({ value, label: t(`status.${value}`) })),
      },
      {
        kind: 'choice',
        key: 'mapped',
        label: t('standing.filter.mapped'),
        options: (['yes', 'no', 'ambiguous'] as const).map((value) => ({ value, label: t(`standing.mappedOption.${value}`) })),
      },
      { kind: 'choice', key: 'push', label: t('standing.filter.push'), options: pushStates.map((value) => ({ value, label: t(`push.${value}`) })) },
      { kind: 'flag', key: 'missing', label: t('standing.filter.missing') },
    ],
    [t],
  );
}

/** "Pull now": one run per store, the first is followed; the others show at the foot of the navigation. */
function usePull(): { start: (stores: readonly Channel[]) => void; busy: boolean } {
  const { t } = useTranslation('channels');
  const [id, setId] = useState<string | undefined>();
  const starting = useMutation({
    mutationFn: (stores: readonly Channel[]) => Promise.all(stores.map(pullStore)),
    onSuccess: (ids) => setId(ids[0]),
    onError: toastProblem,
  });
  useRunEnd(id, (run) => {
    setId(undefined);
    void refreshChannels();
    if (run.state === 'failed') toast(t('standing.pullFailed', { title: run.title, error: run.error ?? '' }), { state: 'bad' });
    else toast(t('standing.pulled', { count: run.done, number: formatNumber(run.done) }));
  });
  return { start: (stores) => starting.mutate(stores), busy: starting.isPending || id !== undefined };
}

/** What stands where, each figure a way to its rows. */
function StatsRow({ stats, platform, channelId }: { stats: PlatformStats; platform: string; channelId: string | undefined }) {
  const { t } = useTranslation('channels');
  const { products, pushes } = stats;
  const to = (query: Record<string, string>): string => paths.platform(platform, { channel: channelId, ...query });
  const figures: { id: string; label: string; value: number; to: string; state?: 'attention' | 'bad'; always?: boolean }[] = [
    { id: 'live', label: t('standing.live'), value: products.live, to: to({ status: 'live' }), always: true },
    { id: 'mapped', label: t('standing.mapped'), value: products.mapped, to: to({ mapped: 'yes' }), always: true },
    { id: 'unmapped', label: t('standing.unmapped'), value: products.unmapped, to: to({ mapped: 'no' }), state: 'attention' },
    { id: 'confirmed', label: t('standing.confirmed'), value: pushes.confirmed, to: to({ push: 'confirmed' }) },
    { id: 'way', label: t('standing.onTheWay'), value: pushes.wanted + pushes.sending + pushes.sent, to: to({ push: pushes.sent > 0 ? 'sent' : 'wanted' }) },
    { id: 'refused', label: t('standing.refused'), value: pushes.failed, to: to({ push: 'failed' }), state: 'bad' },
    { id: 'doubt', label: t('standing.inDoubt'), value: pushes.inDoubt, to: to({ push: 'in_doubt' }), state: 'attention' },
  ];
  return (
    <div className={css.stats}>
      {figures
        .filter((figure) => figure.always === true || figure.value > 0)
        .map((figure) => (
          <Link key={figure.id} plain to={figure.to} className={css.stat} data-state={figure.value > 0 ? figure.state : undefined}>
            {figure.label} <strong>{formatNumber(figure.value)}</strong>
          </Link>
        ))}
      {stats.ordersToday === null ? null : (
        <Link plain to={paths.orders({ view: 'all', channel: channelId })} className={css.stat}>
          {t('standing.ordersToday')} <strong>{formatNumber(stats.ordersToday)}</strong>
        </Link>
      )}
      {stats.pulledAt === null ? null : (
        <span className={css.stat}>
          {t('standing.lastPull')} <When at={stats.pulledAt} />
        </span>
      )}
    </div>
  );
}

function NoStore({ stats }: { stats: PlatformStats }) {
  const { t } = useTranslation('channels');
  const { can } = useActor();
  return (
    <Frame title={stats.name}>
      <PageHead title={stats.name} />
      <EmptyState
        icon={<IconBuildingStore size="1em" stroke={1.4} />}
        title={t('standing.noStore', { platform: stats.name })}
        actions={
          can('channels.connect') ? (
            <Button variant="filled" component={Link} plain to={paths.connectChannel(stats.platform)}>
              {t('standing.connect')}
            </Button>
          ) : undefined
        }
      >
        {t('standing.noStoreText')}
      </EmptyState>
    </Frame>
  );
}
