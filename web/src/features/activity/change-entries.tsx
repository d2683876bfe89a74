import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ChangeEntry, ChangeSet } from '../../../../server/src/modules/accounts/contract.ts';
import { useActor } from '../../api/actor.ts';
import { channelsQuery } from '../../api/shell.ts';
import { formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { useZone } from '../../lib/zone.ts';
import { Quiet } from '../../ui/cells.tsx';
import { Link } from '../../ui/link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { EmptyState, Problem } from '../../ui/states.tsx';
import { Change, Diff } from '../../ui/timeline.tsx';
import css from './activity.module.css';
import { entityText, fieldChanges, productsIn } from './change-words.ts';
import type { FieldChange, Names } from './change-words.ts';
import { categoriesQuery, namedProductsQuery } from './queries.ts';

interface EntriesPage {
  changeSet: ChangeSet;
  entries: { items: ChangeEntry[]; nextCursor: string | null };
}

/** Longer texts are told by their length in a list of many; alone they are shown whole. */
const LONG = 80;

/** Names behind the ids that these entries hold, as far as the person may see them. */
function useNames(entries: readonly ChangeEntry[]): Names {
  const { can, companies, shop } = useActor();
  const zone = useZone();
  const catalog = can('catalog.read');
  const categories = useQuery({ ...categoriesQuery, enabled: catalog }).data;
  const channels = useQuery({ ...channelsQuery, enabled: can('channels.read') }).data?.items;
  const ids = useMemo(() => productsIn(entries).slice(0, 200), [entries]);
  const products = useQuery({ ...namedProductsQuery(ids), enabled: catalog && ids.length > 0 }).data;
  return useMemo(
    () => ({
      zone,
      currency: shop.currency,
      categories: new Map(categories?.map((category) => [category.id, category.path])),
      companies: new Map(companies.map((company) => [company.id, company.name])),
      channels: new Map(channels?.map((channel) => [channel.id, channel.name])),
      products: new Map(products?.map((product) => [product.id, { sku: product.sku, currency: product.price.currency }])),
    }),
    [zone, shop.currency, categories, companies, channels, products],
  );
}

/** Where a changed thing is looked at; nothing for what has no page. */
function placeOf(entry: ChangeEntry, gone: boolean): string | undefined {
  if (gone) return undefined;
  switch (entry.entityKind) {
    case 'product':
    case 'product_cost':
      return paths.product(entry.entityId);
    case 'inventory_item':
      return paths.inventoryItem(entry.entityId);
    case 'order':
      return paths.order(entry.entityId);
    case 'company':
      return paths.settings('companies');
    case 'shop':
      return paths.settings('shop');
    case 'fx_rate':
      return paths.settings('rates');
    case 'user':
      return paths.settings('users');
    case 'api_key':
      return paths.settings('keys');
    default:
      return undefined;
  }
}

/** The things a change set touched, each with its fields before and after. */
export function ChangeEntries({ query, set }: { query: UseInfiniteQueryResult<InfiniteData<EntriesPage>>; set: ChangeSet }) {
  const { t } = useTranslation('activity');
  const entries = useMemo(() => query.data?.pages.flatMap((page) => page.entries.items) ?? [], [query.data]);
  const names = useNames(entries);
  const [only] = entries;
  if (only === undefined)
    return (
      <Panel title={t('change.entries')}>
        <EmptyState title={t('change.noEntries')}>{t('change.noEntriesText')}</EmptyState>
      </Panel>
    );
  if (entries.length === 1 && only.op === 'update') {
    const changes = fieldChanges(t, names, only);
    return (
      <Panel
        title={<Thing entry={only} gone={false} inline />}
        count={t('change.fields', { count: changes.length, number: formatNumber(changes.length) })}
        flush
      >
        {changes.length === 0 ? (
          <div className={css.entry}>
            <Quiet>{t('change.nothingShown')}</Quiet>
          </div>
        ) : (
          <Diff
            label={t('change.entries')}
            rows={changes.map((change) => ({ id: change.id, field: change.label, before: whole(change.before), after: whole(change.after) }))}
          />
        )}
      </Panel>
    );
  }
  return (
    <Panel title={t('change.entries')} count={t('change.entriesCount', { count: set.entryCount, number: formatNumber(set.entryCount) })} flush>
      {entries.map((entry) => (
        <div key={`${entry.entityKind}${entry.entityId}`} className={css.entry}>
          <Thing entry={entry} gone={entry.op === 'delete' || (entry.op === 'create' && set.undoneBy !== null)} />
          <div className={css.lines}>
            <Lines entry={entry} changes={entry.op === 'update' ? fieldChanges(t, names, entry) : []} />
          </div>
        </div>
      ))}
      {query.isFetchNextPageError ? (
        <div className={css.more}>
          <Problem error={query.error} title={t('change.unreadable')} onRetry={() => void query.fetchNextPage()} />
        </div>
      ) : query.hasNextPage ? (
        <div className={css.more}>
          <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('change.more')}
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}

const whole = (text: string | undefined): ReactNode => (text === undefined ? undefined : <span className={css.text}>{text}</span>);

function Thing({ entry, gone, inline = false }: { entry: ChangeEntry; gone: boolean; inline?: boolean }) {
  const { t } = useTranslation('activity');
  const to = placeOf(entry, gone);
  const name = entry.label === '' ? t('change.nameless') : entry.label;
  const kind = entityText(t, entry.entityKind);
  if (inline)
    return (
      <>
        {kind} {to === undefined ? name : <Link to={to}>{name}</Link>}
      </>
    );
  return (
    <div className={css.thing}>
      {to === undefined ? (
        name
      ) : (
        <Link plain to={to}>
          {name}
        </Link>
      )}{' '}
      <span className={css.kind}>{kind}</span>
    </div>
  );
}

function Lines({ entry, changes }: { entry: ChangeEntry; changes: readonly FieldChange[] }) {
  const { t } = useTranslation('activity');
  if (entry.op === 'create') return t('change.created');
  if (entry.op === 'delete') return t('change.deleted');
  if (changes.length === 0) return <Quiet>{t('change.nothingShown')}</Quiet>;
  const short = (text: string | undefined): string | undefined =>
    text === undefined || text.length <= LONG ? text : t('change.length', { number: formatNumber(text.length) });
  return changes.map((change) => (
    <span key={change.id} className={css.line}>
      <span className={css.label}>{change.label}</span> <Change before={short(change.before)} after={short(change.after)} />
    </span>
  ));
}
