import { useState } from 'react';
import { Button } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useActor } from '../../api/actor.ts';
import { formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import type { LoadArgs } from '../../routes.tsx';
import { Stock } from '../../ui/figures.tsx';
import { Status } from '../../ui/glyph.tsx';
import { Link } from '../../ui/link.tsx';
import { Columns, Page as Screen, PageBody, PageHead } from '../../ui/page.tsx';
import { Facts } from '../../ui/panel.tsx';
import { Notice } from '../../ui/states.tsx';
import { When } from '../../ui/when.tsx';
import { AdjustStock } from './adjust-form.tsx';
import { EditItem } from './item-form.tsx';
import { Movements, Promises, Takers } from './item-panels.tsx';
import { itemQuery } from './queries.ts';
import { stockPhrase, stockState } from './stock-words.ts';

export const load = ({ queryClient, params }: LoadArgs) => queryClient.ensureQueryData(itemQuery(params['id'] ?? ''));

/** One thing on the shelf: how many, promised to whom, and why it is so. */
export function Page() {
  const { t } = useTranslation('inventory');
  const { id = '' } = useParams({ strict: false });
  const { can } = useActor();
  const { data: item } = useSuspenseQuery(itemQuery(id));
  const [open, setOpen] = useState<'adjust' | 'edit' | undefined>();
  const { state, word } = stockState(item);
  const close = (): void => setOpen(undefined);
  return (
    <Screen title={item.name}>
      <PageHead
        trail={[{ label: t('list.title'), to: paths.inventory() }]}
        title={item.name}
        note={<Status state={state}>{stockPhrase(t, item)}</Status>}
        actions={
          can('inventory.write') ? (
            <>
              <Button onClick={() => setOpen('edit')}>{t('edit.short')}</Button>
              <Button variant="filled" onClick={() => setOpen('adjust')}>
                {t('adjust.open')}
              </Button>
            </>
          ) : undefined
        }
      />
      <PageBody>
        <Columns
          summary={
            <Facts
              groups={[
                [
                  { label: t('field.sku'), value: item.sku },
                  {
                    label: t('field.product'),
                    value: item.product === null ? t('list.noProduct') : <Link to={paths.product(item.product.id)}>{item.product.title}</Link>,
                  },
                ],
                [
                  { label: t('field.onHand'), value: formatNumber(item.onHand) },
                  { label: t('field.reserved'), value: formatNumber(item.reserved) },
                  { label: t('field.available'), value: <Stock value={item.available} state={state === 'good' ? undefined : state} /> },
                ],
                [
                  { label: t('field.reorderPoint'), value: item.reorderPoint === null ? '–' : formatNumber(item.reorderPoint) },
                  { label: t('field.location'), value: item.location === '' ? '–' : item.location },
                ],
                [{ label: t('field.lastMovedAt'), value: item.lastMovedAt === null ? t('list.neverMoved') : <When at={item.lastMovedAt} /> }],
              ]}
            />
          }
          aside={
            <>
              <Promises item={item} />
              <Takers item={item} />
            </>
          }
        >
          {word === 'oversold' ? (
            <Notice state="bad" title={t('item.oversold', { count: -item.available, number: formatNumber(-item.available) })}>
              {t('item.oversoldMeaning')}
            </Notice>
          ) : null}
          <Movements itemId={item.id} />
        </Columns>
      </PageBody>
      <AdjustStock item={item} opened={open === 'adjust'} onClose={close} />
      <EditItem item={item} opened={open === 'edit'} onClose={close} />
    </Screen>
  );
}
