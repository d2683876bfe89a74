import { useMemo } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Channel } from '../../../../server/src/modules/channels/contract.ts';
import { useActor } from '../../api/actor.ts';
import type { FilterDef, FilterOption } from '../../ui/filter-sentence.tsx';
import { brandsQuery, categoriesQuery, tagsQuery } from './queries.ts';
import type { ProductsSearch } from './queries.ts';

const listingStates = ['live', 'sending', 'differs', 'refused', 'ended', 'none'] as const;
const asOptions = (values: readonly string[]): FilterOption[] => values.map((value) => ({ value, label: value }));

/** The parts of the list's sentence. Choices come from what the shop has. */
export function useProductFilters(search: ProductsSearch, channels: readonly Channel[]): FilterDef[] {
  const { t } = useTranslation('catalog');
  const { shop } = useActor();
  const categories = useQuery(categoriesQuery).data;
  const tags = useQuery(tagsQuery).data;
  const brands = useQuery(brandsQuery).data;
  return useMemo(
    (): FilterDef[] => [
      {
        kind: 'choice',
        key: 'status',
        label: t('filter.status'),
        always: search.status !== undefined,
        options: (['active', 'draft', 'archived'] as const).map((value) => ({ value, label: t(`status.${value}`) })),
      },
      {
        kind: 'choice',
        key: 'category',
        label: t('filter.category'),
        lead: t('filter.in'),
        options: (categories ?? []).map((category) => ({ value: category.id, label: category.path })),
      },
      { kind: 'multi', key: 'brand', label: t('filter.brand'), lead: t('filter.of'), options: asOptions(brands ?? []) },
      { kind: 'multi', key: 'tag', label: t('filter.tag'), lead: t('filter.with'), operator: t('filter.allOf'), options: asOptions(tags ?? []) },
      {
        kind: 'choice',
        key: 'stock',
        label: t('filter.stock'),
        lead: t('filter.thatAre'),
        options: [
          { value: 'in', label: t('filter.inStock') },
          { value: 'out', label: t('filter.outOfStock') },
        ],
      },
      { kind: 'number', key: 'stockBelow', label: t('filter.available'), lead: t('filter.with'), operator: t('filter.below') },
      {
        kind: 'choice',
        key: 'channel',
        label: t('filter.channel'),
        lead: t('filter.on'),
        options: channels.map((channel) => ({ value: channel.id, label: channel.name })),
      },
      {
        kind: 'choice',
        key: 'state',
        label: t('filter.state'),
        lead: t('filter.as'),
        options: listingStates.map((value) => ({ value, label: t(`listing.${value}`) })),
      },
      { kind: 'number', key: 'priceMin', label: t('filter.price'), lead: t('filter.with'), operator: t('filter.from'), unit: shop.currency },
      { kind: 'number', key: 'priceMax', label: t('filter.price'), lead: t('filter.with'), operator: t('filter.upTo'), unit: shop.currency },
      // Comes from a product's page; not offered, because nobody knows groups by heart.
      ...(search.group === undefined
        ? []
        : [
            {
              kind: 'choice',
              key: 'group',
              label: t('filter.group'),
              lead: t('filter.in'),
              options: [{ value: search.group, label: t('filter.thisGroup') }],
            } satisfies FilterDef,
          ]),
    ],
    [t, categories, tags, brands, channels, shop.currency, search.status, search.group],
  );
}
