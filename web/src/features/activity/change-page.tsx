import { useState } from 'react';
import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery, useSuspenseInfiniteQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ChangeSet } from '../../../../server/src/modules/accounts/contract.ts';
import { useActor } from '../../api/actor.ts';
import { runQuery } from '../../api/run.ts';
import { undoChange } from '../../api/undo.ts';
import type { UndoResult } from '../../api/undo.ts';
import { formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import type { LoadArgs } from '../../routes.tsx';
import { confirm } from '../../ui/confirm.tsx';
import { Status } from '../../ui/glyph.tsx';
import { Link } from '../../ui/link.tsx';
import { Columns, Page as Frame, PageBody, PageHead, Stack } from '../../ui/page.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Notice } from '../../ui/states.tsx';
import { toastProblem } from '../../ui/toast.tsx';
import { UndoReport } from '../../ui/undo-report.tsx';
import { When } from '../../ui/when.tsx';
import { ChangeEntries } from './change-entries.tsx';
import { changeKindText } from './change-words.ts';
import { changeQuery, changeSetQuery } from './queries.ts';

export const load = ({ queryClient, params }: LoadArgs) => queryClient.ensureInfiniteQueryData(changeQuery(params['id'] ?? ''));

/** One change set: who changed what and why, every field before and after, and the way back. */
export function Page() {
  const { id = '' } = useParams({ strict: false });
  return <ChangeScreen key={id} id={id} />;
}

function ChangeScreen({ id }: { id: string }) {
  const { t } = useTranslation(['activity', 'common']);
  const { can } = useActor();
  const { data } = useSuspenseInfiniteQuery(changeQuery(id));
  const query = useInfiniteQuery(changeQuery(id));
  const [report, setReport] = useState<UndoResult | undefined>();
  const [undoing, setUndoing] = useState(false);
  const set = data.pages[0]?.changeSet;
  if (set === undefined) return null;
  const undone = set.undoneBy !== null;
  const undo = async (): Promise<void> => {
    const count = set.entryCount;
    if (
      !(await confirm({
        title: t('common:undo.askTitle'),
        body: t('common:undo.askBody', { count, number: formatNumber(count) }),
        action: t('common:undo.ask'),
        danger: true,
      }))
    )
      return;
    setUndoing(true);
    try {
      setReport(await undoChange(id));
    } catch (error) {
      toastProblem(error);
    } finally {
      setUndoing(false);
    }
  };
  const mayUndo = set.undoable && can('changes.undo');
  return (
    <Frame title={set.reason}>
      <PageHead
        trail={[
          { label: t('title'), to: paths.activity() },
          { label: t('changes.list'), to: paths.activity({ tab: 'changes' }) },
        ]}
        title={set.reason}
        note={undone ? <Status state="none">{t('changes.undone')}</Status> : undefined}
        actions={
          mayUndo ? (
            <Button variant="filled" loading={undoing} onClick={() => void undo()}>
              {set.entryCount > 1 ? t('change.undoMany', { number: formatNumber(set.entryCount) }) : t('change.undo')}
            </Button>
          ) : undefined
        }
      />
      <PageBody>
        <Columns aside={<ChangeFacts set={set} />}>
          <Stack>
            {report === undefined ? (
              undone ? (
                <Undone by={set.undoneBy ?? ''} />
              ) : null
            ) : (
              <UndoReport result={report} onClose={set.undoneBy === null ? undefined : <Link to={paths.change(set.undoneBy)}>{t('change.seeUndo')}</Link>} />
            )}
            {undone || mayUndo || set.undoOf !== null ? null : <Notice state="none">{t(set.undoable ? 'change.noRight' : 'change.noWay')}</Notice>}
            <ChangeEntries query={query} set={set} />
          </Stack>
        </Columns>
      </PageBody>
    </Frame>
  );
}

/** Who took it back, and where that is told. */
function Undone({ by }: { by: string }) {
  const { t } = useTranslation('activity');
  const undoing = useQuery(changeSetQuery(by)).data;
  return (
    <Notice state="none" title={t('change.undone')} action={<Link to={paths.change(by)}>{t('change.undoneLink')}</Link>}>
      {undoing === undefined ? null : (
        <>
          {t('change.undoneBy', { name: undoing.actorName })} <When at={undoing.createdAt} />
        </>
      )}
    </Notice>
  );
}

function ChangeFacts({ set }: { set: ChangeSet }) {
  const { t } = useTranslation('activity');
  const { companies } = useActor();
  const run = useQuery({ ...runQuery(set.runId ?? ''), enabled: set.runId !== null }).data;
  const company = companies.length < 2 ? undefined : companies.find((one) => one.id === set.companyId);
  return (
    <Panel title={t('change.facts')}>
      <Facts
        groups={[
          [
            { label: t('change.kind'), value: changeKindText(t, set.kind) },
            { label: t('change.things'), value: formatNumber(set.entryCount) },
            { label: t('change.who'), value: set.actorKind === 'api_key' ? `${set.actorName}, ${t('changes.program')}` : set.actorName },
            { label: t('change.when'), value: <When at={set.createdAt} /> },
          ],
          [
            ...(company === undefined ? [] : [{ label: t('change.company'), value: company.name }]),
            ...(set.runId === null ? [] : [{ label: t('change.run'), value: <Link to={paths.run(set.runId)}>{run?.title ?? t('change.openRun')}</Link> }]),
            ...(set.undoOf === null ? [] : [{ label: t('change.undoOf'), value: <Link to={paths.change(set.undoOf)}>{t('change.undoOfLink')}</Link> }]),
          ],
        ]}
      />
    </Panel>
  );
}
