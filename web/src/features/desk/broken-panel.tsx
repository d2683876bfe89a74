import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Today } from '../../../../server/src/modules/desk/contract.ts';
import { formatClock, formatDate, formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { useZone } from '../../lib/zone.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { Link } from '../../ui/link.tsx';
import { Panel, PanelRow } from '../../ui/panel.tsx';
import { useNow } from '../../ui/when.tsx';

type Trouble = Today['broken'][number];

/** Where the one button of a trouble leads. */
function targetOf(trouble: Trouble): string {
  const { platform, channelId } = trouble;
  const store = platform !== null && channelId !== null ? paths.store(platform, channelId) : paths.settings('channels');
  const standing = (push: string): string => (platform === null ? paths.activity() : paths.platform(platform, { channel: channelId ?? undefined, push }));
  switch (trouble.code) {
    case 'channel_auth':
    case 'channel_failing':
    case 'channel_waiting':
      return store;
    case 'run_failed':
      return trouble.runId === null ? paths.activity() : paths.run(trouble.runId);
    case 'push_refused':
      return standing('failed');
    case 'push_in_doubt':
      return standing('in_doubt');
    case 'orders_unmapped':
      return paths.orders({ view: 'mapping' });
    case 'orders_oversold':
      return paths.orders({ problem: 'oversold' });
    case 'orders_quarantined':
      return paths.orders({ view: 'all', quarantine: true });
    case 'rate_missing':
      return paths.settings('rates');
  }
}

/** Everything that needs a person: what happened, what it means, and a button that ends it. */
export function BrokenPanel({ today }: { today: Today }) {
  const { t } = useTranslation('desk');
  const words = useWords(today.currency);
  const { broken } = today;
  return (
    <Panel
      title={t('broken.title')}
      count={broken.length === 0 ? undefined : formatNumber(broken.length)}
      action={<Link to={paths.activity()}>{t('broken.activity')}</Link>}
      flush
    >
      {broken.length === 0 ? <PanelRow lead={<Glyph state="good" />} title={t('broken.none')} note={t('broken.noneNote')} /> : null}
      {broken.map((trouble, index) => {
        const { title, note, action } = words(trouble);
        return (
          <PanelRow
            key={`${trouble.code} ${trouble.channelId ?? trouble.runId ?? trouble.name} ${index}`}
            lead={<Glyph state={trouble.severity} />}
            title={title}
            note={note === '' ? undefined : note}
            end={
              <Button component={Link} plain to={targetOf(trouble)} aria-label={`${action}: ${title}`}>
                {action}
              </Button>
            }
          />
        );
      })}
    </Panel>
  );
}

/** By the clock when it was today, else by the day. */
const sinceWhen = (since: string, zone: string, now: number): string =>
  formatDate(since, zone) === formatDate(now, zone) ? formatClock(since, zone) : formatDate(since, zone, true);

/** Words a trouble by its code. */
function useWords(home: string): (trouble: Trouble) => { title: string; note: string; action: string } {
  const { t } = useTranslation('desk');
  const zone = useZone();
  const now = useNow();
  return (trouble) => {
    const { code, name, detail, count, since } = trouble;
    const data = {
      name,
      detail,
      home,
      count,
      number: formatNumber(count),
      since: since === null ? '' : t('broken.since', { time: sinceWhen(since, zone, now) }),
    };
    const tidy = (text: string): string => text.trim();
    switch (code) {
      case 'push_refused':
      case 'push_in_doubt':
      case 'orders_unmapped':
      case 'orders_oversold':
      case 'orders_quarantined':
        return { title: tidy(t(`broken.${code}`, data)), note: tidy(t(`broken.${code}_note`, data)), action: t(`broken.${code}_action`) };
      default:
        return { title: tidy(t(`broken.${code}.title`, data)), note: tidy(t(`broken.${code}.note`, data)), action: t(`broken.${code}.action`) };
    }
  };
}
