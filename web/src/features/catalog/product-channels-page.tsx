import { useState } from 'react';
import { ActionIcon } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconPlugConnected } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ProductListing, StockPush } from '../../../../server/src/modules/channels/contract.ts';
import { useActor } from '../../api/actor.ts';
import { formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import type { LoadArgs } from '../../routes.tsx';
import { Quiet } from '../../ui/cells.tsx';
import { ChannelName } from '../../ui/channel-mark.tsx';
import { Money } from '../../ui/figures.tsx';
import { Status } from '../../ui/glyph.tsx';
import type { State } from '../../ui/glyph.tsx';
import { Link } from '../../ui/link.tsx';
import { Stack } from '../../ui/page.tsx';
import { Facts, Panel, PanelTable } from '../../ui/panel.tsx';
import { EmptyState, Notice, Problem, SkeletonLines } from '../../ui/states.tsx';
import { Diff } from '../../ui/timeline.tsx';
import { When } from '../../ui/when.tsx';
import css from './catalog.module.css';
import { listingShape } from './listing-words.ts';
import { productChannelsQuery } from './queries.ts';

export const load = ({ queryClient, params }: LoadArgs) => queryClient.prefetchQuery(productChannelsQuery(params['id'] ?? ''));

type ChannelProduct = ProductListing['channelProducts'][number];
type Field = ChannelProduct['fields'][number];

const pushShape: Record<StockPush['state'], State> = {
  wanted: 'moving',
  sending: 'moving',
  sent: 'moving',
  confirmed: 'good',
  failed: 'bad',
  in_doubt: 'attention',
};
const stockOf = (listing: ProductListing): Field | undefined => listing.channelProducts[0]?.fields.find((field) => field.field === 'stock');
const differs = (field: Field): boolean => field.there !== null && field.shouldBe !== null && field.there !== field.shouldBe;
const isTroubled = (listing: ProductListing): boolean =>
  listing.state === 'refused' ||
  listing.state === 'differs' ||
  listing.channelProducts.some((one) => one.fields.some((field) => field.push?.state === 'failed' || field.push?.state === 'in_doubt'));

/** Tab of a product: what each channel should show, what was sent there, and what it confirmed. */
export function Page() {
  const { t } = useTranslation('catalog');
  const { id = '' } = useParams({ strict: false });
  const query = useQuery(productChannelsQuery(id));
  const [open, setOpen] = useState<string | null | undefined>();
  if (query.isPending) return <SkeletonLines lines={6} />;
  if (query.data === undefined) return <Problem error={query.error} title={t('channels.failed')} onRetry={() => void query.refetch()} />;
  const listings = query.data.items;
  if (listings.length === 0)
    return (
      <EmptyState icon={<IconPlugConnected size="1em" stroke={1.4} />} title={t('channels.noneTitle')}>
        {t('channels.noneBody')}
      </EmptyState>
    );
  const shown = listings.find((listing) => listing.listingId === (open === undefined ? (listings.find(isTroubled) ?? listings[0])?.listingId : open));
  return (
    <Stack>
      <Panel flush>
        <PanelTable
          label={t('tab.channels')}
          rows={listings}
          rowKey={(listing) => listing.listingId}
          columns={[
            {
              id: 'channel',
              header: t('channels.channel'),
              cell: (listing) => (
                <ChannelCell listing={listing} open={listing === shown} onToggle={() => setOpen(listing === shown ? null : listing.listingId)} />
              ),
            },
            {
              id: 'state',
              header: t('channels.state'),
              cell: (listing) => <Status state={listingShape[listing.state]}>{t(`listing.${listing.state}`)}</Status>,
            },
            { id: 'price', header: t('field.price'), end: true, cell: (listing) => <Money value={listing.channelProducts[0]?.price} /> },
            { id: 'wanted', header: t('channels.wanted'), cell: (listing) => <Wanted listing={listing} /> },
            { id: 'sent', header: t('channels.sent'), cell: (listing) => <Sent listing={listing} /> },
            { id: 'confirmed', header: t('channels.confirmed'), cell: (listing) => <Confirmed listing={listing} /> },
          ]}
        />
      </Panel>
      {shown === undefined ? null : <ListingDetail listing={shown} />}
    </Stack>
  );
}

function ChannelCell({ listing, open, onToggle }: { listing: ProductListing; open: boolean; onToggle: () => void }) {
  const { t } = useTranslation('catalog');
  return (
    <span className={css.lead}>
      <ActionIcon size="sm" aria-label={t('channels.details', { name: listing.channel.name })} aria-expanded={open} onClick={onToggle}>
        {open ? <IconChevronDown size="1em" stroke={1.6} /> : <IconChevronRight size="1em" stroke={1.6} />}
      </ActionIcon>
      <ChannelName channel={listing.channel} />
    </span>
  );
}

const Dash = () => <Status state="none">–</Status>;

function Wanted({ listing }: { listing: ProductListing }) {
  const { t } = useTranslation('catalog');
  const stock = stockOf(listing);
  if (stock === undefined || stock.shouldBe === null) return <Dash />;
  return (
    <Status state={differs(stock) ? 'moving' : 'good'} quiet note={stock.push === null ? undefined : <When at={stock.push.wantedAt} />}>
      {t('channels.pieces', { count: stock.shouldBe, number: formatNumber(stock.shouldBe) })}
    </Status>
  );
}

function Sent({ listing }: { listing: ProductListing }) {
  const { t } = useTranslation('catalog');
  const push = stockOf(listing)?.push;
  if (push == null) return <Status state="none">{t(listing.channel.writes === 'off' ? 'channels.writesOff' : 'channels.nothingToSend')}</Status>;
  const at = push.state === 'wanted' || push.sentAt === null ? push.dueAt : push.sentAt;
  return (
    <Status state={pushShape[push.state]} note={at === null ? undefined : <When at={at} />}>
      {t(`push.${push.state}`)}
    </Status>
  );
}

function Confirmed({ listing }: { listing: ProductListing }) {
  const { t } = useTranslation('catalog');
  const stock = stockOf(listing);
  if (stock === undefined || stock.there === null) return <Dash />;
  return (
    <Status
      state={differs(stock) ? (stock.push?.state === 'failed' ? 'bad' : 'attention') : 'good'}
      note={<When at={stock.push?.confirmedAt ?? stock.thereAt} />}
    >
      {t('channels.pieces', { count: stock.there, number: formatNumber(stock.there) })}
    </Status>
  );
}

/** Reasons and values of one channel. */
function ListingDetail({ listing }: { listing: ProductListing }) {
  const { t } = useTranslation('catalog');
  const { can } = useActor();
  const { channel } = listing;
  const stopped = channel.health === 'auth_failed';
  const name = channel.name;
  return (
    <Panel
      title={<ChannelName channel={channel} />}
      action={
        <>
          {listing.lastSyncedAt === null ? null : (
            <span>
              {t('channels.read')} <When at={listing.lastSyncedAt} />
            </span>
          )}
          {can('channels.read') ? <Link to={paths.channel(channel.platform, channel.id)}>{t('channels.openStore')}</Link> : null}
        </>
      }
      flush
    >
      {stopped ? (
        <Notice state="bad" flush title={t('channels.keyRefused', { name })}>
          {t('channels.keyRefusedMeaning')}
        </Notice>
      ) : null}
      {listing.error === '' ? null : (
        <Notice
          state={listing.state === 'refused' ? 'bad' : 'attention'}
          flush
          title={t(listing.state === 'refused' ? 'channels.refusedIt' : 'channels.says', { name })}
        >
          {listing.error}
        </Notice>
      )}
      {channel.writes === 'off' ? (
        <Notice state="none" flush title={t('channels.writesOffTitle', { name })}>
          {t('channels.writesOffMeaning')}
        </Notice>
      ) : null}
      {listing.channelProducts.map((one) => (
        <ChannelProductRows key={one.id} product={one} writes={channel.writes} several={listing.channelProducts.length > 1} />
      ))}
    </Panel>
  );
}

function ChannelProductRows({ product, writes, several }: { product: ChannelProduct; writes: 'on' | 'off'; several: boolean }) {
  const { t } = useTranslation('catalog');
  const reason = product.fields.flatMap((field) => field.push?.error ?? []);
  return (
    <>
      {product.statusReason === '' ? null : (
        <Notice state={product.status === 'rejected' || product.status === 'blocked' ? 'bad' : 'attention'} flush>
          {product.statusReason}
        </Notice>
      )}
      {reason.map((error) => (
        <Notice key={error} state="bad" flush title={t('channels.pushFailed')}>
          {error}
        </Notice>
      ))}
      <Diff
        label={several ? product.title : t('channels.values')}
        before={t('channels.thereNow')}
        after={t('channels.shouldBe')}
        end={t('channels.push')}
        rows={product.fields.map((field) => ({
          id: field.field,
          field: t(`channels.field.${field.field}`),
          before: field.there === null ? undefined : formatNumber(field.there),
          after:
            field.shouldBe === null ? (
              t('channels.noStock')
            ) : differs(field) || field.there === null ? (
              <>
                {formatNumber(field.shouldBe)} <Quiet>{field.comesFrom}</Quiet>
              </>
            ) : (
              t('channels.same')
            ),
          same: !differs(field),
          end: <PushStatus field={field} writes={writes} />,
        }))}
      />
      <div className={css.padded}>
        <Facts
          wide
          groups={[
            [
              { label: t('channels.titleThere'), value: product.title },
              { label: t('field.barcode'), value: product.barcode },
              { label: t('channels.number'), value: product.externalId },
              { label: t('field.status'), value: t(`channels.status.${product.status}`) },
            ],
          ]}
        />
      </div>
    </>
  );
}

function PushStatus({ field, writes }: { field: Field; writes: 'on' | 'off' }) {
  const { t } = useTranslation('catalog');
  if (field.push !== null) return <Status state={pushShape[field.push.state]}>{t(`push.${field.push.state}`)}</Status>;
  if (!differs(field)) return <Status state="good">{t('channels.nothingToSend')}</Status>;
  return <Status state="none">{t(writes === 'off' ? 'channels.writesOff' : 'push.wanted')}</Status>;
}
