import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Channel } from '../../../../server/src/modules/channels/contract.ts';
import type { ProductItem } from '../../../../server/src/modules/catalog/contract.ts';
import { formatNumber } from '../../lib/format.ts';
import { Quiet, RowCard, TitleCell } from '../../ui/cells.tsx';
import { ChannelMark } from '../../ui/channel-mark.tsx';
import { Money, Stock } from '../../ui/figures.tsx';
import { Glyph, Status } from '../../ui/glyph.tsx';
import type { Column } from '../../ui/list-state.ts';
import { When } from '../../ui/when.tsx';
import { listingShape, stockShape, summarise } from './listing-words.ts';

export const statusShape = { active: 'good', draft: 'moving', archived: 'none' } as const;

/** A product's state on one channel as a shape; the words come on hover and to readers. */
function ListingGlyph({ product, channel }: { product: ProductItem; channel: Pick<Channel, 'id' | 'name'> }) {
  const { t } = useTranslation('catalog');
  const listing = product.listings.find((one) => one.channelId === channel.id);
  const word = `${channel.name}: ${t(`listing.${listing?.state ?? 'none'}`)}`;
  return (
    <Glyph
      state={listing === undefined ? 'none' : listingShape[listing.state]}
      label={listing === undefined || listing.error === '' ? word : `${word}. ${listing.error}`}
    />
  );
}

/** Where it stands on all channels, in one phrase. */
function ListingPhrase({ product, channels }: { product: ProductItem; channels: readonly Channel[] }) {
  const { t } = useTranslation('catalog');
  const { word, state, ...facts } = summarise(product.listings, (id) => channels.find((channel) => channel.id === id)?.name ?? '', product.stock?.available);
  return <Quiet state={state}>{t(`phrase.${word}`, facts)}</Quiet>;
}

function Available({ product }: { product: ProductItem }) {
  const { t } = useTranslation('catalog');
  if (product.stock === null) return <span title={t('list.stockUnknown')}>–</span>;
  return <Stock value={product.stock.available} state={stockShape(product.stock.available)} />;
}

/** Columns of the list: the fixed ones, and one per connected channel. */
export function useProductColumns(channels: readonly Channel[]): readonly Column<ProductItem>[] {
  const { t } = useTranslation('catalog');
  return useMemo(
    (): Column<ProductItem>[] => [
      {
        id: 'title',
        header: t('field.product'),
        chars: 26,
        grow: true,
        fixed: true,
        sort: 'title',
        cell: (row) => <TitleCell thumb={row.imageUrl}>{row.title}</TitleCell>,
      },
      { id: 'sku', header: t('field.sku'), chars: 15, sort: 'sku', cell: (row) => <span>{row.sku}</span> },
      { id: 'barcode', header: t('field.barcode'), chars: 15, hidden: true, cell: (row) => <span>{row.barcode}</span> },
      { id: 'available', header: t('field.available'), chars: 10, end: true, sort: 'available', cell: (row) => <Available product={row} /> },
      {
        id: 'reserved',
        header: t('field.reserved'),
        chars: 9,
        end: true,
        hidden: true,
        cell: (row) => (row.stock === null ? '–' : formatNumber(row.stock.reserved)),
      },
      { id: 'price', header: t('field.price'), chars: 10, end: true, sort: 'price', cell: (row) => <Money value={row.price} /> },
      { id: 'compareAt', header: t('field.compareAtPrice'), chars: 14, end: true, hidden: true, cell: (row) => <Money value={row.compareAtPrice} /> },
      ...channels.map((channel): Column<ProductItem> => ({
        id: `channel.${channel.id}`,
        header: <ChannelMark channel={channel} alone />,
        label: channel.name,
        chars: 3,
        centre: true,
        cell: (row) => <ListingGlyph product={row} channel={channel} />,
      })),
      { id: 'listing', header: t('field.listing'), chars: 17, grow: true, cell: (row) => <ListingPhrase product={row} channels={channels} /> },
      { id: 'status', header: t('field.status'), chars: 7, cell: (row) => <Quiet>{t(`status.${row.status}`)}</Quiet> },
      { id: 'category', header: t('field.category'), chars: 13, cell: (row) => <Quiet>{row.category?.path}</Quiet> },
      { id: 'tags', header: t('field.tags'), chars: 10, cell: (row) => <Quiet>{row.tags.join(', ')}</Quiet> },
      { id: 'brand', header: t('field.brand'), chars: 12, hidden: true, cell: (row) => <Quiet>{row.brand}</Quiet> },
      {
        id: 'updated',
        header: t('field.updatedAt'),
        chars: 10,
        sort: 'updated',
        first: 'descending',
        cell: (row) => (
          <Quiet>
            <When at={row.updatedAt} />
          </Quiet>
        ),
      },
      {
        id: 'created',
        header: t('field.createdAt'),
        chars: 13,
        sort: 'created',
        first: 'descending',
        hidden: true,
        cell: (row) => (
          <Quiet>
            <When at={row.createdAt} />
          </Quiet>
        ),
      },
    ],
    [t, channels],
  );
}

/** The row on a phone: picture, title, SKU and where it stands; price, what is left and the shapes right. */
export function ProductCard({ product, channels }: { product: ProductItem; channels: readonly Channel[] }) {
  const { t } = useTranslation('catalog');
  const left = product.stock?.available;
  const shape = left === undefined ? undefined : stockShape(left);
  return (
    <RowCard
      thumb={product.imageUrl}
      title={product.title}
      lines={[product.sku, <ListingPhrase key="listing" product={product} channels={channels} />]}
      end={[
        <Money key="price" strong value={product.price} />,
        left === undefined ? null : shape === undefined ? (
          t('list.left', { number: formatNumber(left) })
        ) : (
          <Status key="left" state={shape}>
            {left <= 0 ? t('list.noneLeft') : t('list.left', { number: formatNumber(left) })}
          </Status>
        ),
        <ListingRow key="states" product={product} channels={channels} />,
      ]}
    />
  );
}

const ListingRow = ({ product, channels }: { product: ProductItem; channels: readonly Channel[] }) => (
  <>
    {channels.map((channel) => (
      <ListingGlyph key={channel.id} product={product} channel={channel} />
    ))}
  </>
);
