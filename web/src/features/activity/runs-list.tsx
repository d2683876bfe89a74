import { useMemo, useState } from 'react';
import { Button } from '@mantine/core';
import { IconActivity } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../../../server/src/modules/sync/contract.ts';
import { useActor } from '../../api/actor.ts';
import { useFreshList } from '../../api/fresh-list.ts';
import { queryClient } from '../../api/query-client.ts';
import { cancelRun, isActive } from '../../api/run.ts';
import { activeRunsQuery } from '../../api/shell.ts';
import { paths } from '../../lib/paths.ts';
import { useUrlState } from '../../lib/url-state.ts';
import { Quiet, RowCard, TitleCell } from '../../ui/cells.tsx';
import { DataList } from '../../ui/data-list.tsx';
import { clearFilters, FilterSentence, isFiltered } from '../../ui/filter-sentence.tsx';
import type { FilterDef } from '../../ui/filter-sentence.tsx';
import { useListLayout } from '../../ui/list-state.ts';
import type { Column } from '../../ui/list-state.ts';
import { ListTools } from '../../ui/list-tools.tsx';
import { ListBar } from '../../ui/page.tsx';
import { RunStatus } from '../../ui/run-progress.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { toastProblem } from '../../ui/toast.tsx';
import { When } from '../../ui/when.tsx';
import css from './activity.module.css';
import { runKinds, runsQuery, runsSearch } from './queries.ts';
import { Happened, progressText } from './run-words.tsx';

const rowId = (run: Run): string => run.id;
const rowName = (run: Run): string => run.title;
const href = (run: Run): string => paths.run(run.id);

/** How far it is: a short bar while it works, the figure always. */
function Progress({ run }: { run: Run }) {
  const { t } = useTranslation();
  const share = run.total === null || run.total === 0 ? undefined : Math.min(1, run.done / run.total);
  return (
    <span className={css.progress}>
      {isActive(run) && share !== undefined ? (
        <span className={css.bar} data-state={run.state} aria-hidden>
          <span style={{ inlineSize: `${share * 100}%` }} />
        </span>
      ) : null}
      {run.done === 0 && run.total === null ? <Quiet>–</Quiet> : progressText(t, run)}
    </span>
  );
}

/** Stops a run after its present step. What it has done until then stays, so nothing is asked. */
export function CancelRun({ run, small = false }: { run: Run; small?: boolean }) {
  const { t } = useTranslation('activity');
  const [stopping, setStopping] = useState(false);
  const cancel = async (): Promise<void> => {
    setStopping(true);
    try {
      await cancelRun(run.id);
    } catch (error) {
      toastProblem(error);
    } finally {
      setStopping(false);
    }
  };
  if (run.cancelRequested) return <Quiet>{t('runs.stopping')}</Quiet>;
  return (
    <Button
      size={small ? 'xs' : undefined}
      title={t('runs.cancelNote')}
      loading={stopping}
      aria-label={t('runs.cancelOf', { title: run.title })}
      onClick={() => void cancel()}
    >
      {t('runs.cancel')}
    </Button>
  );
}

const card = (run: Run) => (
  <RowCard
    title={run.title}
    lines={[
      <Happened key="happened" run={run} />,
      <span key="who">
        {run.actorName}, <When at={run.createdAt} />
      </span>,
    ]}
    end={[<RunStatus key="state" run={run} />, <Progress key="progress" run={run} />]}
  />
);

function useColumns(mayCancel: boolean): Column<Run>[] {
  const { t } = useTranslation('activity');
  return useMemo(
    () => [
      { id: 'work', header: t('runs.work'), chars: 24, grow: true, fixed: true, cell: (run) => <TitleCell>{run.title}</TitleCell> },
      { id: 'state', header: t('runs.stateColumn'), chars: 17, cell: (run) => <RunStatus run={run} /> },
      { id: 'happened', header: t('runs.happened'), chars: 30, grow: true, cell: (run) => <Happened run={run} /> },
      { id: 'by', header: t('runs.by'), chars: 13, cell: (run) => <Quiet>{run.actorName}</Quiet> },
      { id: 'progress', header: t('runs.progress'), chars: 22, end: true, cell: (run) => <Progress run={run} /> },
      { id: 'began', header: t('runs.began'), chars: 15, end: true, cell: (run) => <When at={run.startedAt ?? run.createdAt} /> },
      ...(mayCancel
        ? [
            {
              id: 'cancel',
              header: '',
              label: t('runs.cancelColumn'),
              chars: 9,
              end: true,
              cell: (run: Run) => (isActive(run) ? <CancelRun run={run} small /> : null),
            },
          ]
        : []),
    ],
    [t, mayCancel],
  );
}

const readAgain = () => queryClient.invalidateQueries({ queryKey: ['runs', 'list'] });

/** Long work, newest first. What is at work moves by the one polled request that the frame makes too. */
export function RunsList() {
  const { t } = useTranslation('activity');
  const { can } = useActor();
  const [search, setSearch] = useUrlState(runsSearch);
  const query = useInfiniteQuery(runsQuery(search));
  const active = useQuery(activeRunsQuery).data?.items;
  const layout = useListLayout('runs', useColumns(can('runs.cancel')));
  const sign = active?.map((run) => `${run.id}${run.state}`).join(' ');
  useFreshList(sign, query.data?.pages.length ?? 0, readAgain);
  const live = useMemo(() => {
    if (query.data === undefined || active === undefined) return query.data;
    const now = new Map(active.map((run) => [run.id, run]));
    return { ...query.data, pages: query.data.pages.map((page) => ({ ...page, items: page.items.map((run) => now.get(run.id) ?? run) })) };
  }, [query.data, active]);

  const filters: FilterDef[] = [
    {
      kind: 'choice',
      key: 'kind',
      label: t('runs.kind'),
      always: true,
      any: t('runs.anyKind'),
      options: runKinds.map((value) => ({ value, label: t(`kind.${value}`) })),
    },
    {
      kind: 'choice',
      key: 'state',
      label: t('runs.state'),
      always: true,
      any: t('runs.anyState'),
      options: [
        { value: 'active', label: t('runs.active') },
        { value: 'ended', label: t('runs.ended') },
      ],
    },
  ];
  return (
    <>
      <ListBar tools={<ListTools layout={layout} />}>
        <FilterSentence intro={t('runs.intro')} filters={filters} value={search} onChange={setSearch} />
      </ListBar>
      <DataList
        label={t('runs.list')}
        query={{ ...query, data: live }}
        layout={layout}
        rowId={rowId}
        rowName={rowName}
        href={href}
        card={card}
        filtered={isFiltered(filters, search)}
        onClearFilters={() => setSearch(clearFilters(filters))}
        empty={
          <EmptyState icon={<IconActivity size="1em" stroke={1.4} />} title={t('runs.empty')}>
            {t('runs.emptyText')}
          </EmptyState>
        }
      />
    </>
  );
}
