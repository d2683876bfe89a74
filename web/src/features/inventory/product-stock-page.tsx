import { useState } from 'react';
import { Button, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconStack2 } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useActor } from '../../api/actor.ts';
import { api } from '../../api/client.ts';
import { formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import type { LoadArgs } from '../../routes.tsx';
import { Stock } from '../../ui/figures.tsx';
import { Link } from '../../ui/link.tsx';
import { Grid, Line, Stack } from '../../ui/page.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { EmptyState, Notice, Problem, SkeletonLines } from '../../ui/states.tsx';
import { toast, toastProblem } from '../../ui/toast.tsx';
import { AdjustStock } from './adjust-form.tsx';
import { EditItem } from './item-form.tsx';
import { Movements, Promises, Takers } from './item-panels.tsx';
import { invalidateStock, itemChoicesQuery, itemQuery, productSourceQuery } from './queries.ts';
import { stockState } from './stock-words.ts';

export const load = ({ queryClient, params }: LoadArgs) => queryClient.prefetchQuery(productSourceQuery(params['id'] ?? ''));

/** Tab of a product: the item it takes its stock from. */
export function Page() {
  const { t } = useTranslation('inventory');
  const { id = '' } = useParams({ strict: false });
  const source = useQuery(productSourceQuery(id));
  if (source.isPending) return <SkeletonLines lines={6} />;
  if (source.data === undefined) return <Problem error={source.error} title={t('stock.failed')} onRetry={() => void source.refetch()} />;
  if (source.data.item !== null) return <ItemStock itemId={source.data.item.id} />;
  if (source.data.isComposite)
    return (
      <Notice state="none" title={t('stock.composite')}>
        {t('stock.compositeMeaning')}
      </Notice>
    );
  return <MapItem productId={id} />;
}

function ItemStock({ itemId }: { itemId: string }) {
  const { t } = useTranslation('inventory');
  const { can } = useActor();
  const query = useQuery(itemQuery(itemId));
  const [open, setOpen] = useState<'adjust' | 'edit' | undefined>();
  if (query.isPending) return <SkeletonLines lines={6} />;
  if (query.data === undefined) return <Problem error={query.error} title={t('stock.failed')} onRetry={() => void query.refetch()} />;
  const item = query.data;
  const { state } = stockState(item);
  return (
    <Stack>
      <Panel
        title={
          <Link plain to={paths.inventoryItem(item.id)}>
            {item.name}
          </Link>
        }
        action={
          can('inventory.write') ? (
            <>
              <Button size="xs" onClick={() => setOpen('edit')}>
                {t('edit.short')}
              </Button>
              <Button size="xs" onClick={() => setOpen('adjust')}>
                {t('adjust.open')}
              </Button>
            </>
          ) : undefined
        }
      >
        <Facts
          wide
          groups={[
            [
              { label: t('field.onHand'), value: formatNumber(item.onHand) },
              { label: t('field.reserved'), value: formatNumber(item.reserved) },
              { label: t('field.available'), value: <Stock value={item.available} state={state === 'good' ? undefined : state} /> },
              { label: t('field.reorderPoint'), value: item.reorderPoint === null ? '–' : formatNumber(item.reorderPoint) },
              { label: t('field.location'), value: item.location === '' ? '–' : item.location },
              { label: t('field.sku'), value: item.sku },
            ],
          ]}
        />
      </Panel>
      <Movements itemId={item.id} short />
      <Grid columns={2}>
        <Promises item={item} />
        <Takers item={item} />
      </Grid>
      <AdjustStock item={item} opened={open === 'adjust'} onClose={() => setOpen(undefined)} />
      <EditItem item={item} opened={open === 'edit'} onClose={() => setOpen(undefined)} />
    </Stack>
  );
}

/** No item yet: choose the one it takes its stock from. */
function MapItem({ productId }: { productId: string }) {
  const { t } = useTranslation('inventory');
  const { can } = useActor();
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), 200);
  const [itemId, setItemId] = useState<string | null>(null);
  const choices = useQuery({ ...itemChoicesQuery(search), enabled: can('inventory.write'), placeholderData: (before) => before }).data ?? [];
  const map = useMutation({
    mutationFn: (id: string | undefined) => api.inventory.map({ productId, ...(id === undefined ? {} : { itemId: id }) }),
    onSuccess: async () => {
      await invalidateStock();
      toast(t('stock.mapped'));
    },
    onError: toastProblem,
  });
  return (
    <EmptyState
      icon={<IconStack2 size="1em" stroke={1.4} />}
      title={t('stock.unmapped')}
      actions={
        can('inventory.write') ? (
          <Line>
            <Button variant="filled" loading={map.isPending} onClick={() => map.mutate(undefined)}>
              {t('stock.own')}
            </Button>
            <Select
              aria-label={t('stock.choose')}
              placeholder={t('stock.choose')}
              data={choices.map((item) => ({ value: item.id, label: `${item.sku}, ${item.name}` }))}
              value={itemId}
              onChange={setItemId}
              searchable
              searchValue={text}
              onSearchChange={setText}
              filter={({ options }) => options}
              nothingFoundMessage={t('stock.noSuchItem')}
            />
            <Button disabled={itemId === null} loading={map.isPending} onClick={() => itemId !== null && map.mutate(itemId)}>
              {t('stock.map')}
            </Button>
          </Line>
        ) : undefined
      }
    >
      {t('stock.unmappedMeaning')}
    </EmptyState>
  );
}
