import { useMemo } from 'react';
import { IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ChangeSet } from '../../../../server/src/modules/accounts/contract.ts';
import { useActor } from '../../api/actor.ts';
import { formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { useUrlState } from '../../lib/url-state.ts';
import { Quiet, RowCard, TitleCell } from '../../ui/cells.tsx';
import { DataList } from '../../ui/data-list.tsx';
import { clearFilters, FilterSentence, isFiltered } from '../../ui/filter-sentence.tsx';
import type { FilterDef } from '../../ui/filter-sentence.tsx';
import { Status } from '../../ui/glyph.tsx';
import { useListLayout } from '../../ui/list-state.ts';
import type { Column } from '../../ui/list-state.ts';
import { ListTools } from '../../ui/list-tools.tsx';
import { ListBar } from '../../ui/page.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { When } from '../../ui/when.tsx';
import { changeKindText } from './change-words.ts';
import { changeKinds, changesQuery, changesSearch, entityKinds, peopleQuery } from './queries.ts';

const rowId = (set: ChangeSet): string => set.id;
const rowName = (set: ChangeSet): string => set.reason;
const href = (set: ChangeSet): string => paths.change(set.id);

/** Whether there is a way back: taken back already, open, or none. */
function WayBack({ set }: { set: ChangeSet }) {
  const { t } = useTranslation('activity');
  if (set.undoneBy !== null) return <Status state="none">{t('changes.undone')}</Status>;
  if (set.undoOf !== null) return <Quiet>{t('changes.isUndo')}</Quiet>;
  return <Quiet>{set.undoable ? t('changes.undoable') : '–'}</Quiet>;
}

function Kind({ set }: { set: ChangeSet }) {
  const { t } = useTranslation('activity');
  return <Quiet>{changeKindText(t, set.kind)}</Quiet>;
}

function Who({ set }: { set: ChangeSet }) {
  const { t } = useTranslation('activity');
  return (
    <span>
      {set.actorName}
      {set.actorKind === 'api_key' ? <Quiet>, {t('changes.program')}</Quiet> : null}
    </span>
  );
}

const card = (set: ChangeSet) => (
  <RowCard
    title={set.reason}
    lines={[
      <span key="who">
        <Who set={set} />, <When at={set.createdAt} />
      </span>,
      <Kind key="kind" set={set} />,
    ]}
    end={[formatNumber(set.entryCount), set.undoneBy === null ? null : <WayBack key="back" set={set} />]}
  />
);

/** Who changed what, newest first. */
export function ChangesList() {
  const { t } = useTranslation('activity');
  const { can, actor } = useActor();
  const [search, setSearch] = useUrlState(changesSearch);
  const query = useInfiniteQuery(changesQuery(search));
  const people = useQuery({ ...peopleQuery, enabled: can('accounts.manage') }).data;
  const columns = useMemo<Column<ChangeSet>[]>(
    () => [
      { id: 'what', header: t('changes.what'), chars: 34, grow: true, fixed: true, cell: (set) => <TitleCell>{set.reason}</TitleCell> },
      { id: 'kind', header: t('changes.kindColumn'), chars: 14, cell: (set) => <Kind set={set} /> },
      { id: 'who', header: t('changes.who'), chars: 18, cell: (set) => <Who set={set} /> },
      { id: 'state', header: t('changes.state'), chars: 19, cell: (set) => <WayBack set={set} /> },
      { id: 'count', header: t('changes.count'), chars: 8, end: true, cell: (set) => formatNumber(set.entryCount) },
      { id: 'when', header: t('changes.when'), chars: 15, end: true, cell: (set) => <When at={set.createdAt} /> },
    ],
    [t],
  );
  const layout = useListLayout('changes', columns);
  const me = actor.kind === 'user' && actor.id !== null ? [{ value: actor.id, label: t('changes.me') }] : [];
  const others = (people ?? []).filter((person) => person.id !== actor.id).map((person) => ({ value: person.id, label: person.name }));
  const filters: FilterDef[] = [
    {
      kind: 'choice',
      key: 'kind',
      label: t('changes.kind'),
      always: true,
      any: t('changes.anyKind'),
      options: changeKinds.map((value) => ({ value, label: t(`changeKindOption.${value}`) })),
    },
    {
      kind: 'choice',
      key: 'about',
      label: t('changes.about'),
      lead: t('changes.aboutLead'),
      always: true,
      any: t('changes.anything'),
      options: entityKinds.map((value) => ({ value, label: t(`entityOption.${value}`) })),
    },
    { kind: 'choice', key: 'by', label: t('changes.by'), lead: t('changes.byLead'), always: true, any: t('changes.anybody'), options: [...me, ...others] },
  ];
  return (
    <>
      <ListBar tools={<ListTools layout={layout} />}>
        <FilterSentence intro={t('changes.intro')} filters={filters} value={search} onChange={setSearch} />
      </ListBar>
      <DataList
        label={t('changes.list')}
        query={query}
        layout={layout}
        rowId={rowId}
        rowName={rowName}
        href={href}
        card={card}
        filtered={isFiltered(filters, search)}
        onClearFilters={() => setSearch(clearFilters(filters))}
        empty={
          <EmptyState icon={<IconHistory size="1em" stroke={1.4} />} title={t('changes.empty')}>
            {t('changes.emptyText')}
          </EmptyState>
        }
      />
    </>
  );
}
