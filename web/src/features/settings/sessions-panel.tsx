import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import { confirm } from '../../ui/confirm.tsx';
import { Status } from '../../ui/glyph.tsx';
import { Panel, PanelRow } from '../../ui/panel.tsx';
import { Problem, SkeletonLines } from '../../ui/states.tsx';
import { toast, toastProblem } from '../../ui/toast.tsx';
import { When } from '../../ui/when.tsx';
import { endOtherSessions, endSession, sessionsQuery } from './queries.ts';
import type { Session } from './queries.ts';

/* The order matters: most browsers also name those that they imitate. */
const browsers = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['SamsungBrowser/', 'Samsung Internet'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;
const systems = [
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['Mac OS X', 'macOS'],
  ['CrOS', 'ChromeOS'],
  ['Linux', 'Linux'],
] as const;

/** `Firefox on Windows`, as far as a browser tells. */
function browserText(t: TFunction<'settings'>, agent: string): string {
  const browser = browsers.find(([mark]) => agent.includes(mark))?.[1];
  const system = systems.find(([mark]) => agent.includes(mark))?.[1];
  if (browser === undefined) return agent === '' ? t('me.unknown') : (agent.split(/[\s/]/)[0] ?? t('me.unknown'));
  return system === undefined ? browser : t('me.browserOn', { browser, system });
}

/** Every browser one is signed in with, and the way to end it. */
export function Sessions() {
  const { t } = useTranslation('settings');
  const query = useQuery(sessionsQuery);
  const ending = useMutation({ mutationFn: endSession, onSuccess: () => toast(t('me.signedOut')), onError: toastProblem });
  const endingOthers = useMutation({ mutationFn: endOtherSessions, onSuccess: () => toast(t('me.signedOutOthers')), onError: toastProblem });
  const sessions = query.data ?? [];
  const endOthers = async (): Promise<void> => {
    if (await confirm({ title: t('me.signOutOthersTitle'), body: t('me.signOutOthersBody'), action: t('me.signOutOthers'), danger: true }))
      endingOthers.mutate();
  };
  return (
    <Panel
      title={t('me.sessions')}
      count={sessions.length > 1 ? sessions.length : undefined}
      action={
        sessions.length > 1 ? (
          <Button size="xs" loading={endingOthers.isPending} onClick={() => void endOthers()}>
            {t('me.signOutOthers')}
          </Button>
        ) : undefined
      }
      flush
    >
      {query.isPending ? (
        <SkeletonLines lines={3} />
      ) : query.isError ? (
        <Problem error={query.error} title={t('me.sessionsFailed')} onRetry={() => void query.refetch()} />
      ) : (
        sessions.map((session) => (
          <Row key={session.id} session={session} ending={ending.isPending && ending.variables.id === session.id} onEnd={() => ending.mutate(session)} />
        ))
      )}
    </Panel>
  );
}

function Row({ session, ending, onEnd }: { session: Session; ending: boolean; onEnd: () => void }) {
  const { t } = useTranslation('settings');
  const name = browserText(t, session.userAgent);
  return (
    <PanelRow
      title={name}
      note={
        <>
          {t('me.since')} <When at={session.createdAt} />
          {session.ipAddress === '' ? null : <>, {t('me.from', { address: session.ipAddress })}</>}
        </>
      }
      end={
        session.present ? (
          <Status state="good">{t('me.thisOne')}</Status>
        ) : (
          <Button size="xs" loading={ending} aria-label={t('me.signOutOf', { name })} onClick={onEnd}>
            {t('me.signOut')}
          </Button>
        )
      }
    />
  );
}
