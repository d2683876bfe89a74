import { useMemo } from 'react';
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Channel, ChannelProduct } from '../../../../server/src/modules/channels/contract.ts';
import { useActor } from '../../api/actor.ts';
import { paths } from '../../lib/paths.ts';
import { Quiet, RowCard, TitleCell } from '../../ui/cells.tsx';
import { ChannelMark } from '../../ui/channel-mark.tsx';
import { Money, Num } from '../../ui/figures.tsx';
import { Link } from '../../ui/link.tsx';
import type { Column } from '../../ui/list-state.ts';
import { PushWord, Standing } from './channel-words.tsx';
import { piecesText } from './queries.ts';

/** Columns of what stands on a platform; the store only where several are shown. */
export function useStandingColumns(stores: readonly Channel[], one: boolean, open: (item: ChannelProduct) => void): Column<ChannelProduct>[] {
  const { t } = useTranslation('channels');
  const { can } = useActor();
  const mayMap = can('channels.write');
  return useMemo(() => {
    const storeOf = (item: ChannelProduct) => stores.find((store) => store.id === item.channelId);
    return [
      {
        id: 'title',
        header: t('standing.column.title'),
        chars: 32,
        grow: true,
        fixed: true,
        cell: (item) => <TitleCell thumb={item.imageUrl}>{item.title}</TitleCell>,
      },
      ...(one
        ? []
        : [
            {
              id: 'store',
              header: t('standing.column.store'),
              chars: 6,
              centre: true,
              cell: (item: ChannelProduct) => {
                const store = storeOf(item);
                return store === undefined ? null : <ChannelMark channel={store} alone />;
              },
            },
          ]),
      { id: 'barcode', header: t('standing.column.barcode'), chars: 14, cell: (item) => <span>{item.barcode}</span> },
      { id: 'sku', header: t('standing.column.sku'), chars: 14, cell: (item) => <span>{item.sku}</span> },
      { id: 'product', header: t('standing.column.product'), chars: 16, cell: (item) => <OurProduct item={item} onMap={mayMap ? open : undefined} /> },
      { id: 'status', header: t('standing.column.status'), chars: 13, cell: (item) => <Standing item={item} /> },
      { id: 'price', header: t('standing.column.price'), chars: 11, end: true, cell: (item) => <Money value={item.price} /> },
      {
        id: 'quantity',
        header: t('standing.column.quantity'),
        chars: 8,
        end: true,
        cell: (item) => (item.quantity === null ? <Quiet>–</Quiet> : <Num value={item.quantity} />),
      },
      { id: 'stock', header: t('standing.column.stock'), chars: 18, cell: (item) => <PushWord item={item} writesOn={storeOf(item)?.writes === 'on'} /> },
    ];
  }, [t, stores, one, open, mayMap]);
}

function OurProduct({ item, onMap }: { item: ChannelProduct; onMap?: (item: ChannelProduct) => void }) {
  const { t } = useTranslation('channels');
  if (item.product !== null)
    return (
      <Link to={paths.product(item.product.id)} title={item.product.title}>
        {item.product.sku}
      </Link>
    );
  return (
    <span>
      {onMap === undefined ? null : (
        <Button size="xs" onClick={() => onMap(item)} aria-label={`${t('standing.map')} ${item.title}`}>
          {t('standing.map')}
        </Button>
      )}{' '}
      {item.matchProblem === 'ambiguous' ? <Quiet state="attention">{t('standing.ambiguous')}</Quiet> : null}
    </span>
  );
}

/** The same row on a phone. */
export function StandingCard({ item, stores }: { item: ChannelProduct; stores: readonly Channel[] }) {
  const store = stores.find((one) => one.id === item.channelId);
  return (
    <RowCard
      thumb={item.imageUrl}
      title={item.title}
      lines={[
        item.product === null ? <OurProduct key="product" item={item} /> : item.product.sku,
        <PushWord key="push" item={item} writesOn={store?.writes === 'on'} />,
      ]}
      end={[<Money key="price" value={item.price} />, <Standing key="status" item={item} />, piecesText(item.quantity)]}
    />
  );
}
