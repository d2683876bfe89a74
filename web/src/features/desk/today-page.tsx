import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useActor } from '../../api/actor.ts';
import { channelsQuery } from '../../api/shell.ts';
import { formatClock, formatDay, zoneName } from '../../lib/format.ts';
import { oneOf, screenSearch, useUrlState } from '../../lib/url-state.ts';
import type { LoadArgs } from '../../routes.tsx';
import { Page as Frame, PageBody, PageHead, Stack } from '../../ui/page.tsx';
import { Notice } from '../../ui/states.tsx';
import { useNow } from '../../ui/when.tsx';
import { BrokenPanel } from './broken-panel.tsx';
import css from './desk.module.css';
import { FirstSteps } from './first-steps.tsx';
import { todayQuery } from './queries.ts';
import { SalesPanel } from './sales-panel.tsx';
import { ToSendPanel } from './to-send-panel.tsx';

const periods = ['1', '7', '30'] as const;
const todaySearch = screenSearch({ days: oneOf(periods) });

export const load = ({ queryClient, search }: LoadArgs) => queryClient.ensureQueryData(todayQuery(todaySearch.parse(search).days ?? '1'));

/** Money, orders due, what is broken. */
export function Page() {
  const { t } = useTranslation('desk');
  const { can } = useActor();
  const [{ days = '1' }, setSearch] = useUrlState(todaySearch);
  const { data: today, error } = useQuery(todayQuery(days));
  const channels = useQuery({ ...channelsQuery, enabled: can('channels.read') }).data?.items ?? [];
  const now = useNow();
  if (today === undefined) return null;
  const empty = today.channels.length === 0;
  const clock = t('clock', { day: formatDay(now, today.timeZone), time: formatClock(now, today.timeZone), zone: zoneName(today.timeZone) });
  return (
    <Frame title={t('title')}>
      <PageHead
        title={t('title')}
        note={clock}
        actions={
          empty || !can('orders.read') ? undefined : (
            <SegmentedControl
              aria-label={t('period')}
              value={days}
              onChange={(value) => setSearch({ days: value === '1' ? undefined : value })}
              data={periods.map((value) => ({ value, label: t(`days.${value}`) }))}
            />
          )
        }
      />
      <PageBody>
        <Stack>
          {error === null ? null : (
            <Notice state="attention" title={t('old', { time: formatClock(today.at, today.timeZone) })}>
              {t('oldMeaning')}
            </Notice>
          )}
          {empty ? <FirstSteps /> : null}
          {empty || !can('orders.read') ? null : <SalesPanel today={today} days={days} channels={channels} />}
          {empty && today.broken.length === 0 ? null : (
            <div className={css.pair} data-single={empty || !can('orders.read') || undefined}>
              {empty || !can('orders.read') ? null : <ToSendPanel today={today} />}
              <BrokenPanel today={today} />
            </div>
          )}
        </Stack>
      </PageBody>
    </Frame>
  );
}
