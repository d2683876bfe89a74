import { useEffect, useState } from 'react';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ImportOutcome } from '../../../../server/src/modules/catalog/contract.ts';
import type { Run } from '../../../../server/src/modules/sync/contract.ts';
import { useActor } from '../../api/actor.ts';
import { cancelRun, isActive, useRun } from '../../api/run.ts';
import { undoChange } from '../../api/undo.ts';
import type { UndoResult } from '../../api/undo.ts';
import { formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { confirm } from '../../ui/confirm.tsx';
import { BigFigure } from '../../ui/figures.tsx';
import { Link } from '../../ui/link.tsx';
import { Line, Stack } from '../../ui/page.tsx';
import { Facts, Panel, PanelTable } from '../../ui/panel.tsx';
import { RunProgress } from '../../ui/run-progress.tsx';
import { Notice, Problem, SkeletonLines } from '../../ui/states.tsx';
import { toastProblem } from '../../ui/toast.tsx';
import { UndoReport } from '../../ui/undo-report.tsx';
import css from './catalog.module.css';
import type { CatalogT } from './member-words.ts';
import { changeSetQuery, invalidateAfterImport } from './queries.ts';

/** One import: how far it is while it works, then what it did, what it refused, and the way back. */
export function ImportRun({ id }: { id: string }) {
  const { t } = useTranslation('catalog');
  const { can } = useActor();
  const query = useRun(id);
  const [stopping, setStopping] = useState(false);
  const run = query.data;
  const ended = run !== undefined && !isActive(run);
  useEffect(() => {
    if (ended) void invalidateAfterImport();
  }, [ended]);
  if (query.isPending) return <SkeletonLines lines={5} />;
  if (run === undefined) return <Problem error={query.error} title={t('import.unreadable')} onRetry={() => void query.refetch()} />;
  const cancel = async (): Promise<void> => {
    setStopping(true);
    try {
      await cancelRun(id);
    } catch (error) {
      toastProblem(error);
      setStopping(false);
    }
  };
  /* A run of this kind has this outcome; one that stopped early only a part of it. */
  const outcome: Partial<ImportOutcome> = (run.outcome ?? {}) as Partial<ImportOutcome>;
  return (
    <Stack>
      <Panel>
        <RunProgress
          run={run}
          action={
            ended || !can('runs.cancel') ? undefined : (
              <Button size="xs" loading={stopping || run.cancelRequested} onClick={() => void cancel()}>
                {t('import.cancel')}
              </Button>
            )
          }
          note={
            ended ? undefined : (
              <>
                {t('import.survives')} <Link to={paths.run(id)}>{t('import.inActivity')}</Link>
              </>
            )
          }
        />
      </Panel>
      {run.state === 'cancelled' ? <Notice state="attention">{t('import.cancelled')}</Notice> : null}
      {outcome.created === undefined ? null : <Outcome run={run} outcome={outcome} />}
      {ended ? <WayBack run={run} /> : null}
    </Stack>
  );
}

const delimiterWord = (t: CatalogT, delimiter: string | undefined): string =>
  delimiter === ',' ? t('import.comma') : delimiter === ';' ? t('import.semicolon') : delimiter === '\t' ? t('import.tab') : (delimiter ?? '–');

const figures = ['created', 'updated', 'unchanged', 'refused'] as const;

function Outcome({ run, outcome }: { run: Run; outcome: Partial<ImportOutcome> }) {
  const { t } = useTranslation('catalog');
  const problems = outcome.firstProblems ?? [];
  const all = outcome.problems ?? 0;
  const ignored = outcome.ignoredColumns ?? [];
  return (
    <>
      <Panel title={t(isActive(run) ? 'import.soFar' : 'import.outcome')}>
        <Stack>
          <div className={css.figures}>
            {figures.map((figure) => (
              <BigFigure key={figure} label={t(`import.${figure}`)} value={formatNumber(outcome[figure] ?? 0)} />
            ))}
          </div>
          <Facts
            wide
            groups={[
              [
                { label: t('import.recognised'), value: outcome.profileName ?? '–' },
                {
                  label: t('import.format'),
                  value: t('import.formatIs', { encoding: (outcome.encoding ?? '–').toUpperCase(), delimiter: delimiterWord(t, outcome.delimiter) }),
                },
                ...(ignored.length === 0 ? [] : [{ label: t('import.ignored'), value: ignored.join(', ') }]),
              ],
            ]}
          />
          {(outcome.madeSkus ?? 0) === 0 ? null : (
            <Notice state="attention" title={t('import.madeSkus', { count: outcome.madeSkus, number: formatNumber(outcome.madeSkus ?? 0) })}>
              {t('import.madeSkusMeaning')}
            </Notice>
          )}
        </Stack>
      </Panel>
      {all === 0 ? null : (
        <Panel
          title={t('import.problems')}
          count={formatNumber(all)}
          action={
            <Button component="a" size="xs" href={paths.importProblems(run.id)} download>
              {t('import.downloadProblems')}
            </Button>
          }
          foot={all > problems.length ? t('import.firstOf', { shown: formatNumber(problems.length), all: formatNumber(all) }) : undefined}
          flush
        >
          <PanelTable
            label={t('import.problems')}
            rows={problems.map((problem, place) => ({ ...problem, place }))}
            rowKey={(problem) => String(problem.place)}
            columns={[
              { id: 'row', header: t('import.row'), end: true, cell: (problem) => formatNumber(problem.row) },
              { id: 'sku', header: t('field.sku'), cell: (problem) => <span className={css.value}>{problem.sku}</span> },
              { id: 'column', header: t('import.column'), cell: (problem) => problem.column },
              { id: 'value', header: t('import.value'), cell: (problem) => <span className={css.value}>{problem.value.slice(0, 120)}</span> },
              { id: 'reason', header: t('import.reason'), cell: (problem) => <span className={css.value}>{problem.reason}</span> },
            ]}
          />
        </Panel>
      )}
    </>
  );
}

/** To the products, or back to before. */
function WayBack({ run }: { run: Run }) {
  const { t } = useTranslation('catalog');
  const { can } = useActor();
  const router = useRouter();
  const [report, setReport] = useState<UndoResult | undefined>();
  const [undoing, setUndoing] = useState(false);
  const changes = useQuery({ ...changeSetQuery(run.changeSetId ?? ''), enabled: run.changeSetId !== null }).data;
  const undone = changes !== undefined && changes.undoneBy !== null;
  const undo = async (changeSetId: string): Promise<void> => {
    const count = changes?.entryCount ?? 0;
    if (
      !(await confirm({
        title: t('import.undoTitle'),
        body: t('import.undoBody', { count, number: formatNumber(count) }),
        action: t('import.undo'),
        danger: true,
      }))
    )
      return;
    setUndoing(true);
    try {
      setReport(await undoChange(changeSetId));
    } catch (error) {
      toastProblem(error);
    } finally {
      setUndoing(false);
    }
  };
  const { changeSetId } = run;
  return (
    <>
      {report === undefined ? undone ? <Notice state="none">{t('import.undone')}</Notice> : null : <UndoReport result={report} />}
      <Line>
        <Button variant="filled" onClick={() => void router.navigate({ href: paths.products({ sort: '-updated' }) })}>
          {t('import.toProducts')}
        </Button>
        {changeSetId === null || undone || changes?.undoable !== true || !can('changes.undo') ? null : (
          <Button loading={undoing} onClick={() => void undo(changeSetId)}>
            {t('import.undo')}
          </Button>
        )}
        {changeSetId === null ? null : <Link to={paths.change(changeSetId)}>{t('import.seeChanges')}</Link>}
      </Line>
    </>
  );
}
