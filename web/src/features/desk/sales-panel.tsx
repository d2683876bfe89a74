import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Today } from '../../../../server/src/modules/desk/contract.ts';
import type { Channel } from '../../../../server/src/modules/channels/contract.ts';
import { formatAmount, formatClock, formatMoney, formatNumber, formatShort, formatWeekday } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { ChannelMark, ChannelName } from '../../ui/channel-mark.tsx';
import { Curve } from '../../ui/curve.tsx';
import { BigFigure, Delta, Money, Num, Spark } from '../../ui/figures.tsx';
import { Link } from '../../ui/link.tsx';
import { Panel, PanelTable } from '../../ui/panel.tsx';
import { Quiet } from '../../ui/cells.tsx';
import { usePhone } from '../../ui/use-phone.ts';
import css from './desk.module.css';
import type { Days } from './queries.ts';
import { axisOf, changeOf, fromMinor, sumOf } from './today-values.ts';

type ChannelDay = Today['channels'][number];

/** What the period is held against, in words: short for heads, exact for the comparison itself. */
function useBase(today: Today, days: Days): { short: string; exact: string } {
  const { t } = useTranslation('desk');
  if (days !== '1') return { short: t(`sales.before.${days}`), exact: t(`sales.before.${days}`) };
  const short = t('sales.lastWeekday', { weekday: formatWeekday(today.at, today.timeZone) });
  return { short, exact: t('sales.until', { base: short, time: formatClock(today.at, today.timeZone) }) };
}

/** Money of the period: running total against the one before, and which channel brought it. */
export function SalesPanel({ today, days, channels }: { today: Today; days: Days; channels: readonly Channel[] }) {
  const { t } = useTranslation('desk');
  const base = useBase(today, days);
  const axis = useMemo(() => axisOf(today, days), [today, days]);
  const { sales, currency } = today;
  const change = changeOf(sales.total, sales.previousTotal);
  const full = (minor: number): string => formatMoney(fromMinor(minor, currency));
  return (
    <Panel flush>
      <div className={css.sales}>
        <div className={css.total}>
          <div className={css.totalHead}>
            <h2>{t('sales.title')}</h2>
            <span>{t('sales.orders', { count: sales.orders, number: formatNumber(sales.orders) })}</span>
          </div>
          <div className={css.totalFigure}>
            <BigFigure
              label=""
              value={formatAmount(sales.total)}
              unit={sales.total.currency}
              delta={change === null ? undefined : <Delta value={change} base={base.exact} good="up" />}
            />
          </div>
          <Curve
            label={t('sales.curve', { currency })}
            now={{ label: t(`sales.now.${days}`), values: sales.steps, at: axis.at }}
            before={{ label: base.short, values: sales.previousSteps }}
            steps={axis.steps}
            axis={axis.marks}
            short={(minor) => formatShort(Number(fromMinor(minor, currency).amount))}
            full={full}
          />
        </div>
        <ChannelSales today={today} base={base} channels={channels} />
      </div>
    </Panel>
  );
}

function ChannelSales({ today, base, channels }: { today: Today; base: { short: string; exact: string }; channels: readonly Channel[] }) {
  const { t } = useTranslation('desk');
  const phone = usePhone();
  const rows = today.channels;
  const linkOf = (row: ChannelDay): string | undefined => {
    const channel = channels.find((one) => one.id === row.channelId);
    return channel === undefined ? undefined : paths.channel(channel.platform, channel.id);
  };
  const spark = (row: ChannelDay) => (
    <Spark values={row.days} series={row.series} filled label={t('sales.sparkLabel', { name: row.name, values: row.days.join(', ') })} />
  );
  const delta = (row: ChannelDay) => <Delta value={changeOf(row.inHome, row.previousInHome)} base={base.exact} good="up" />;
  if (phone)
    return (
      <div>
        {rows.map((row) => (
          <Link key={row.channelId} plain to={linkOf(row) ?? paths.orders()} className={css.channelRow}>
            <ChannelMark channel={row} />
            <span className={css.clip}>{row.name}</span>
            {spark(row)}
            <span className={css.channelFigures}>
              <Money value={row.sales} />
              <span>
                {t('sales.orders', { count: row.orders, number: formatNumber(row.orders) })}{' '}
                {changeOf(row.inHome, row.previousInHome) === null ? null : delta(row)}
              </span>
            </span>
          </Link>
        ))}
      </div>
    );
  const foreign = rows.some((row) => row.sales.currency !== today.currency);
  const all: ChannelDay | undefined =
    rows.length < 2
      ? undefined
      : {
          channelId: 'all',
          name: t('sales.all'),
          mark: '',
          series: 1,
          sales: sumOf(
            rows.map((row) => row.inHome),
            today.currency,
          ) ?? { amount: '0', currency: today.currency },
          inHome: sumOf(
            rows.map((row) => row.inHome),
            today.currency,
          ),
          previousInHome: sumOf(
            rows.map((row) => row.previousInHome),
            today.currency,
          ),
          orders: rows.reduce((sum, row) => sum + row.orders, 0),
          days: Array.from({ length: 14 }, (_, day) => rows.reduce((sum, row) => sum + (row.days[day] ?? 0), 0)),
        };
  const isAll = (row: ChannelDay): boolean => row === all;
  return (
    <div className={css.channels}>
      <PanelTable<ChannelDay>
        label={t('sales.channels')}
        rows={all === undefined ? rows : [...rows, all]}
        rowKey={(row) => row.channelId}
        columns={[
          {
            id: 'channel',
            header: t('sales.channel'),
            cell: (row) => {
              const to = linkOf(row);
              return isAll(row) ? (
                <strong>{row.name}</strong>
              ) : to === undefined ? (
                <ChannelName channel={row} />
              ) : (
                <Link plain to={to}>
                  <ChannelName channel={row} />
                </Link>
              );
            },
          },
          ...(foreign ? [{ id: 'own', header: t('sales.own'), end: true, cell: (row: ChannelDay) => (isAll(row) ? null : <Money value={row.sales} />) }] : []),
          {
            id: 'home',
            header: foreign ? t('sales.home', { currency: today.currency }) : t('sales.own'),
            end: true,
            cell: (row) =>
              row.inHome === null ? (
                <Quiet state="attention">{t('sales.noRate')}</Quiet>
              ) : foreign ? (
                <>{isAll(row) ? <strong>{formatAmount(row.inHome)}</strong> : formatAmount(row.inHome)}</>
              ) : (
                <Money value={row.inHome} strong={isAll(row)} />
              ),
          },
          { id: 'orders', header: t('sales.count'), end: true, cell: (row) => <Num value={row.orders} strong={isAll(row)} /> },
          { id: 'delta', header: t('sales.against', { base: base.short }), end: true, cell: delta },
          {
            id: 'spark',
            header: t('sales.spark'),
            end: true,
            cell: (row) =>
              isAll(row) ? <Spark values={row.days} label={t('sales.sparkLabel', { name: row.name, values: row.days.join(', ') })} /> : spark(row),
          },
        ]}
      />
    </div>
  );
}
