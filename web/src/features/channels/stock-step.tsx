import { useState } from 'react';
import { Button, Radio } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Store } from '../../../../server/src/modules/channels/contract.ts';
import { toProblem } from '../../api/problem.ts';
import { formatNumber } from '../../lib/format.ts';
import { Line, Stack } from '../../ui/page.tsx';
import { Notice } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import css from './channels.module.css';
import { setWrites } from './queries.ts';
import { offeredOf } from './store-values.ts';

const sources = ['ours', 'channel'] as const;
const EXAMPLE = 25;

/** Turns the writes of a store on after asking whose stock counts; nothing is chosen beforehand. */
export function StockStep({ store, onDone }: { store: Store; onDone: () => void }) {
  const { t } = useTranslation('channels');
  const [source, setSource] = useState<(typeof sources)[number] | undefined>(store.stockSource ?? undefined);
  const turning = useMutation({
    mutationFn: setWrites,
    onSuccess: () => {
      toast(t('stock.done', { name: store.name }));
      onDone();
    },
  });
  const left = store.productCount - store.mappedCount;
  return (
    <Stack>
      <h2 className={css.heading}>{t('stock.title')}</h2>
      <div className={css.how}>
        <p>{t('stock.intro', { name: store.name })}</p>
      </div>
      <Radio.Group value={source ?? null} onChange={(value) => setSource(sources.find((one) => one === value))} aria-label={t('stock.title')}>
        <div className={css.choices}>
          {sources.map((one) => (
            <Radio.Card key={one} value={one} className={css.choice} aria-label={t(`stock.${one}`)}>
              <Radio.Indicator />
              <div>
                <strong>{t(`stock.${one}`)}</strong>
                <p>{t(`stock.${one}Text`, { name: store.name })}</p>
              </div>
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
      <ul className={css.points}>
        <li>{t('stock.consequence', { count: store.mappedCount, number: formatNumber(store.mappedCount) })}</li>
        <li>{t('rule.sentence', { available: EXAMPLE, offered: formatNumber(offeredOf(EXAMPLE, store.stockRule)) })}</li>
        {left > 0 ? <li>{t('stock.left', { count: left, number: formatNumber(left) })}</li> : null}
        <li>{t('stock.back')}</li>
      </ul>
      {source === 'ours' && store.wouldSellOutCount > 0 ? (
        <Notice state="attention">
          {t('stock.wouldSellOut', { count: store.wouldSellOutCount, number: formatNumber(store.wouldSellOutCount), name: store.name })}
        </Notice>
      ) : null}
      {turning.isError ? (
        <Notice state="bad" live>
          {toProblem(turning.error).message}
        </Notice>
      ) : null}
      <Line>
        <Button
          variant="filled"
          disabled={source === undefined}
          loading={turning.isPending}
          onClick={() => source !== undefined && turning.mutate({ platform: store.platform, id: store.id, on: true, stockSource: source })}
        >
          {t('stock.on')}
        </Button>
        <Button onClick={onDone}>{t('stock.later')}</Button>
      </Line>
    </Stack>
  );
}
