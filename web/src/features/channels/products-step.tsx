import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Platform, Store } from '../../../../server/src/modules/channels/contract.ts';
import { isActive } from '../../api/run.ts';
import { latestRunQuery } from '../../api/run-end.ts';
import { formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { BigFigure } from '../../ui/figures.tsx';
import { Link } from '../../ui/link.tsx';
import { Line, Stack } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RunProgress } from '../../ui/run-progress.tsx';
import { EmptyState, Notice, SkeletonLines } from '../../ui/states.tsx';
import { toastProblem } from '../../ui/toast.tsx';
import css from './channels.module.css';
import { PULL_KIND, pullStore, refreshChannels } from './queries.ts';

/** The store's products being read and held against ours, then what was found. */
export function ProductsStep({ store, platform, onNext }: { store: Store; platform: Platform; onNext: () => void }) {
  const { t } = useTranslation('channels');
  const run = useQuery({ ...latestRunQuery(PULL_KIND, store.id), enabled: platform.capabilities.includes('products') }).data ?? undefined;
  const again = useMutation({ mutationFn: pullStore, onError: toastProblem });
  const active = run !== undefined && isActive(run);
  const was = useRef(active);
  useEffect(() => {
    if (was.current && !active) void refreshChannels();
    was.current = active;
  }, [active]);
  const ended = run !== undefined && !active;
  const unmapped = store.productCount - store.mappedCount;
  const failed = run?.state === 'failed' || run?.state === 'cancelled';
  return (
    <Stack>
      <h2 className={css.heading}>{t('products.title', { name: store.name })}</h2>
      <div className={css.how}>
        <p>{t('products.intro')}</p>
      </div>
      {ended ? null : <Panel>{run === undefined ? <SkeletonLines lines={2} /> : <RunProgress run={run} />}</Panel>}
      {failed ? (
        <Notice
          state="bad"
          title={t('products.failed')}
          action={
            <Button onClick={() => again.mutate({ platform: store.platform, id: store.id })} loading={again.isPending}>
              {t('products.again')}
            </Button>
          }
        >
          {run?.error}
        </Notice>
      ) : null}
      {ended && !failed && store.productCount === 0 ? <EmptyState title={t('products.none')}>{t('products.noneText')}</EmptyState> : null}
      {ended && store.productCount > 0 ? (
        <>
          <Panel>
            <div className={css.figures} role="status">
              <BigFigure label={t('products.read')} value={formatNumber(store.productCount)} />
              <BigFigure label={t('products.mapped')} value={formatNumber(store.mappedCount)} />
              <BigFigure
                label={t('products.unmapped')}
                value={formatNumber(unmapped)}
                note={
                  store.problems.ambiguous > 0
                    ? t('products.ambiguous', { count: store.problems.ambiguous, number: formatNumber(store.problems.ambiguous) })
                    : undefined
                }
              />
            </div>
          </Panel>
          {(run?.failed ?? 0) > 0 ? (
            <Notice state="attention">{t('products.unreadable', { count: run?.failed ?? 0, number: formatNumber(run?.failed ?? 0) })}</Notice>
          ) : null}
          {unmapped > 0 ? (
            <div className={css.how}>
              <p>{t('products.later')}</p>
            </div>
          ) : null}
        </>
      ) : null}
      <Line>
        <Button variant="filled" onClick={onNext} disabled={!ended}>
          {t('products.next')}
        </Button>
        {ended && unmapped > 0 ? (
          <Button component={Link} plain to={paths.platform(store.platform, { channel: store.id, mapped: 'no' })}>
            {t('products.map', { count: unmapped, number: formatNumber(unmapped) })}
          </Button>
        ) : null}
      </Line>
    </Stack>
  );
}
