import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../../../server/src/modules/sync/contract.ts';
import { useActor } from '../../api/actor.ts';
import { isActive, runQuery, useRun } from '../../api/run.ts';
import { channelsQuery } from '../../api/shell.ts';
import { formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import type { LoadArgs } from '../../routes.tsx';
import { ChannelName } from '../../ui/channel-mark.tsx';
import { Link } from '../../ui/link.tsx';
import { Columns, Line, Page as Frame, PageBody, PageHead, Stack } from '../../ui/page.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import type { Fact } from '../../ui/panel.tsx';
import { RunProgress, RunStatus } from '../../ui/run-progress.tsx';
import { Notice } from '../../ui/states.tsx';
import { When } from '../../ui/when.tsx';
import { RunOutcome } from './run-outcome.tsx';
import { kindTitle, outcomeOf, tookText } from './run-words.tsx';
import { CancelRun } from './runs-list.tsx';

export const load = ({ queryClient, params }: LoadArgs) => queryClient.ensureQueryData(runQuery(params['id'] ?? ''));

const WAIT_MS = 5_000;

/** One run: how far it is while it works, then what came of it. */
export function Page() {
  const { id = '' } = useParams({ strict: false });
  const { data: run } = useRun(id);
  return run === undefined ? null : <RunScreen run={run} />;
}

function RunScreen({ run }: { run: Run }) {
  const { t } = useTranslation(['activity', 'common']);
  const { can } = useActor();
  const active = isActive(run);
  return (
    <Frame title={run.title}>
      <PageHead
        trail={[{ label: t('title'), to: paths.activity() }]}
        title={run.title}
        note={active ? undefined : <RunStatus run={run} />}
        actions={active && can('runs.cancel') ? <CancelRun run={run} /> : undefined}
      />
      <PageBody>
        <Columns aside={<RunFacts run={run} />}>
          <Stack>
            {active ? (
              <Panel>
                <RunProgress run={run} note={run.cancelRequested ? t('run.asked') : t('common:run.survives')} />
              </Panel>
            ) : null}
            {run.state === 'failed' ? (
              <Notice state="bad" title={t('run.failedTitle')}>
                {run.error}
              </Notice>
            ) : null}
            {run.state === 'cancelled' ? (
              <Notice state="none" title={t('run.cancelledTitle')}>
                {t('run.cancelledText')}
              </Notice>
            ) : null}
            <RunOutcome run={run} />
            <Ways run={run} />
          </Stack>
        </Columns>
      </PageBody>
    </Frame>
  );
}

/** Where to go on from here. */
function Ways({ run }: { run: Run }) {
  const { t } = useTranslation('activity');
  const { can } = useActor();
  const setAside = outcomeOf(run).figures.some((figure) => figure.name === 'quarantined' && figure.count > 0);
  const ways = [
    run.changeSetId === null ? undefined : { to: paths.change(run.changeSetId), label: t('run.seeChanges') },
    run.kind === 'catalog.import' && can('catalog.write') ? { to: paths.importRun(run.id), label: t('run.seeImport') } : undefined,
    setAside && can('orders.read') ? { to: paths.orders({ quarantine: true }), label: t('run.seeOrders') } : undefined,
  ].filter((way) => way !== undefined);
  return ways.length === 0 ? null : (
    <Line>
      {ways.map((way) => (
        <Link key={way.to} to={way.to}>
          {way.label}
        </Link>
      ))}
    </Line>
  );
}

function RunFacts({ run }: { run: Run }) {
  const { t } = useTranslation('activity');
  const { can } = useActor();
  const channels = useQuery({ ...channelsQuery, enabled: run.subjectKind === 'channel' && can('channels.read') }).data?.items;
  const channel = channels?.find((one) => one.id === run.subjectId);
  const took = tookText(run);
  // Usually work begins at once; only a real wait is worth a line.
  const waited = run.startedAt === null || new Date(run.startedAt).getTime() - new Date(run.createdAt).getTime() > WAIT_MS;
  const facts: (Fact | undefined)[] = [
    { label: t('run.kind'), value: kindTitle(t, run.kind) },
    channel === undefined
      ? undefined
      : {
          label: t('run.about'),
          value: (
            <Link to={paths.store(channel.platform, channel.id)}>
              <ChannelName channel={channel} />
            </Link>
          ),
        },
    { label: t('run.by'), value: run.actorName },
  ];
  const times: (Fact | undefined)[] = [
    waited ? { label: t('run.created'), value: <When at={run.createdAt} /> } : undefined,
    run.startedAt === null ? undefined : { label: t('run.started'), value: <When at={run.startedAt} /> },
    run.finishedAt === null ? undefined : { label: t('run.finished'), value: <When at={run.finishedAt} /> },
    took === undefined ? undefined : { label: t('run.took'), value: took },
    run.rate === null || run.finishedAt === null
      ? undefined
      : { label: t('run.speed'), value: `${formatNumber(run.rate, { places: run.rate < 10 ? 1 : 0 })} ${t('run.perSecond')}` },
    run.errorCode === null ? undefined : { label: t('run.code'), value: run.errorCode },
  ];
  return (
    <Panel title={t('run.facts')}>
      <Facts groups={[facts, times].map((group) => group.filter((fact) => fact !== undefined))} />
    </Panel>
  );
}
