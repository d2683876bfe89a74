import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../../../server/src/modules/sync/contract.ts';
import { formatExact, formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { useZone } from '../../lib/zone.ts';
import { BigFigure } from '../../ui/figures.tsx';
import { Panel, PanelRow, PanelTable } from '../../ui/panel.tsx';
import { Notice } from '../../ui/states.tsx';
import css from './activity.module.css';
import { outcomeOf } from './run-words.tsx';

const LONG = 120;

/** What came of a run: figures, and the rows, stretches of time and things that explain them. */
export function RunOutcome({ run }: { run: Run }) {
  const { t } = useTranslation('activity');
  const zone = useZone();
  const { figures, gaps, examples, problems, problemCount } = outcomeOf(run);
  if (figures.length === 0 && gaps.length === 0) return null;
  return (
    <>
      {gaps.length === 0 ? null : (
        <Panel title={t('run.gaps')} count={formatNumber(gaps.length)} flush>
          <Notice state="attention" flush>
            {t('run.gapsText')}
          </Notice>
          <PanelTable
            label={t('run.gaps')}
            rows={gaps}
            rowKey={(gap) => `${gap.storeFront}${gap.from}`}
            columns={[
              { id: 'front', header: t('run.storeFront'), cell: (gap) => gap.storeFront },
              { id: 'from', header: t('run.from'), cell: (gap) => formatExact(gap.from, zone) },
              { id: 'to', header: t('run.to'), cell: (gap) => formatExact(gap.to, zone) },
            ]}
          />
        </Panel>
      )}
      <Panel title={t('run.outcome')}>
        <div className={css.figures}>
          {figures.map(({ name, count }) => (
            <BigFigure key={name} label={t(`figure.${name}`)} value={formatNumber(count)} />
          ))}
        </div>
      </Panel>
      {problems.length === 0 ? null : (
        <Panel
          title={t('run.problems')}
          count={formatNumber(problemCount)}
          action={
            run.kind === 'catalog.import' ? (
              <Button component="a" size="xs" href={paths.importProblems(run.id)} download>
                {t('run.downloadProblems')}
              </Button>
            ) : undefined
          }
          foot={problemCount > problems.length ? t('run.firstOf', { shown: formatNumber(problems.length), all: formatNumber(problemCount) }) : undefined}
          flush
        >
          <PanelTable
            label={t('run.problems')}
            rows={problems.map((problem, place) => ({ ...problem, place }))}
            rowKey={(problem) => String(problem.place)}
            columns={[
              { id: 'row', header: t('run.row'), end: true, cell: (problem) => formatNumber(problem.row) },
              { id: 'sku', header: t('run.sku'), cell: (problem) => <span className={css.value}>{problem.sku}</span> },
              { id: 'column', header: t('run.column'), cell: (problem) => problem.column },
              { id: 'value', header: t('run.value'), cell: (problem) => <span className={css.value}>{problem.value.slice(0, LONG)}</span> },
              { id: 'reason', header: t('run.reason'), cell: (problem) => <span className={css.value}>{problem.reason}</span> },
            ]}
          />
        </Panel>
      )}
      {examples.length === 0 ? null : (
        <Panel title={t('run.examples')} flush>
          {examples.map((example, place) => (
            <PanelRow key={place} title={example.externalId} note={example.reason} />
          ))}
        </Panel>
      )}
    </>
  );
}
