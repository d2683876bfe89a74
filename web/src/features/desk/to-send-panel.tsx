import { useTranslation } from 'react-i18next';
import type { Today } from '../../../../server/src/modules/desk/contract.ts';
import { formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { ChannelMark } from '../../ui/channel-mark.tsx';
import { Link } from '../../ui/link.tsx';
import { OrderStatus } from '../../ui/order-status.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ShareBar } from '../../ui/share-bar.tsx';
import { When } from '../../ui/when.tsx';
import css from './desk.module.css';

/** What has to leave the house, by deadline, and the next of them. */
export function ToSendPanel({ today }: { today: Today }) {
  const { t } = useTranslation('desk');
  const { toSend } = today;
  const total = toSend.late + toSend.today + toSend.tomorrow + toSend.later;
  const channelOf = (id: string) => today.channels.find((channel) => channel.channelId === id);
  return (
    <Panel title={t('toSend.title')} count={formatNumber(total)} action={<Link to={paths.orders({ sort: 'deadline' })}>{t('toSend.open')}</Link>} flush>
      {total === 0 ? (
        <div className={css.nothing}>{t('toSend.none')}</div>
      ) : (
        <>
          <div className={css.shares}>
            <ShareBar
              shares={[
                { id: 'late', count: toSend.late, label: t('toSend.late'), to: paths.orders({ view: 'late' }), state: 'bad' },
                { id: 'today', count: toSend.today, label: t('toSend.today'), to: paths.orders({ view: 'today' }), state: 'attention' },
                { id: 'tomorrow', count: toSend.tomorrow, label: t('toSend.tomorrow'), to: paths.orders({ sort: 'deadline' }), state: 'none' },
                { id: 'later', count: toSend.later, label: t('toSend.later'), to: paths.orders({ sort: 'deadline' }) },
              ]}
            />
          </div>
          {toSend.orders.map((order) => {
            const channel = channelOf(order.channelId);
            return (
              <Link key={order.id} plain to={paths.order(order.id)} className={css.order}>
                <span className={css.number}>{order.number}</span>
                <span>{channel === undefined ? null : <ChannelMark channel={channel} alone />}</span>
                <span className={css.title}>
                  {order.title} {order.moreLines > 0 ? <span className={css.more}>{t('toSend.more', { count: order.moreLines })}</span> : null}
                </span>
                <span className={css.due}>
                  {order.shipBy === null ? <span className={css.more}>{t('toSend.noDeadline')}</span> : <When at={order.shipBy} deadline />}
                </span>
                <span>
                  <OrderStatus status={order.status} problem={order.problem} />
                </span>
              </Link>
            );
          })}
        </>
      )}
    </Panel>
  );
}
