import { useState } from 'react';
import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ChangeEntry, ChangeSet } from '../../../../server/src/modules/accounts/contract.ts';
import type { Product } from '../../../../server/src/modules/catalog/contract.ts';
import { useActor } from '../../api/actor.ts';
import { undoChange } from '../../api/undo.ts';
import type { UndoResult } from '../../api/undo.ts';
import { formatNumber } from '../../lib/format.ts';
import { useZone } from '../../lib/zone.ts';
import { confirm } from '../../ui/confirm.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem, SkeletonLines } from '../../ui/states.tsx';
import { History } from '../../ui/timeline.tsx';
import { toast, toastProblem } from '../../ui/toast.tsx';
import { UndoReport } from '../../ui/undo-report.tsx';
import { changeLines } from './history-words.tsx';
import { categoryPaths } from './member-words.ts';
import { categoriesQuery, productHistoryQuery } from './queries.ts';
import type { HistoryEntry } from './queries.ts';

interface HistorySet {
  changeSet: ChangeSet;
  entries: ChangeEntry[];
}

/** One change may touch a product and its cost: told once. */
function grouped(items: readonly HistoryEntry[]): HistorySet[] {
  const sets = new Map<string, HistorySet>();
  for (const { changeSet, entry } of items) {
    const known = sets.get(changeSet.id);
    if (known === undefined) sets.set(changeSet.id, { changeSet, entries: [entry] });
    else known.entries.push(entry);
  }
  return [...sets.values()];
}

/** Right of a product: who changed what, each with its way back. */
export function ProductHistory({ product }: { product: Product }) {
  const { t } = useTranslation('catalog');
  const { can } = useActor();
  const query = useInfiniteQuery(productHistoryQuery(product.id, can('costs.read')));
  const paths = categoryPaths(useQuery(categoriesQuery).data);
  const [report, setReport] = useState<UndoResult | undefined>();
  const zone = useZone();
  const sets = grouped((query.data?.pages ?? []).flatMap((page) => page.items));
  const undo = async ({ changeSet }: HistorySet): Promise<void> => {
    const many = changeSet.entryCount > 1;
    if (
      many &&
      !(await confirm({
        title: t('history.undoAllTitle'),
        body: t('history.undoAllBody', { count: changeSet.entryCount, number: formatNumber(changeSet.entryCount), reason: changeSet.reason }),
        action: t('history.undoAll', { number: formatNumber(changeSet.entryCount) }),
        danger: true,
      }))
    )
      return;
    try {
      const result = await undoChange(changeSet.id);
      if (result.conflictCount === 0) toast(t('history.undone', { count: result.restored, number: formatNumber(result.restored) }));
      else setReport(result);
    } catch (error) {
      toastProblem(error);
    }
  };
  const mayUndo = can('changes.undo') && can('catalog.write');
  return (
    <>
      {report === undefined ? null : (
        <UndoReport
          result={report}
          onClose={
            <Button size="xs" onClick={() => setReport(undefined)}>
              {t('history.seen')}
            </Button>
          }
        />
      )}
      <Panel title={t('history.title')}>
        {query.isPending ? (
          <SkeletonLines lines={5} />
        ) : query.data === undefined ? (
          <Problem error={query.error} title={t('history.failed')} onRetry={() => void query.refetch()} />
        ) : sets.length === 0 ? (
          t('history.none')
        ) : (
          <History
            label={t('history.title')}
            items={sets.map(({ changeSet, entries }) => ({
              id: changeSet.id,
              at: changeSet.createdAt,
              title: changeLines({ t, paths, zone, currency: product.price.currency }, entries),
              reason: reasonOf(changeSet),
              actor: changeSet.actorName,
              undone: changeSet.undoneBy !== null,
              undoable: mayUndo && changeSet.undoable,
            }))}
            onUndo={(item) => {
              const set = sets.find((one) => one.changeSet.id === item.id);
              if (set !== undefined) void undo(set);
            }}
            foot={
              query.hasNextPage ? (
                <Button variant="subtle" size="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  {t('history.older')}
                </Button>
              ) : undefined
            }
          />
        )}
      </Panel>
    </>
  );
}

/** An edit by hand speaks for itself; everything else says where it came from. */
const reasonOf = (changeSet: ChangeSet): string | undefined => (changeSet.kind === 'edit' || changeSet.reason === '' ? undefined : changeSet.reason);
