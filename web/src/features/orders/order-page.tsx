import { useState } from 'react';
import { Button, Menu } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { OrderDetail, OrderLine } from '../../../../server/src/modules/orders/contract.ts';
import { useActor } from '../../api/actor.ts';
import { formatDeadline, formatDuration, formatNumber, formatRelative } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { useZone } from '../../lib/zone.ts';
import type { LoadArgs } from '../../routes.tsx';
import { ChannelName } from '../../ui/channel-mark.tsx';
import { Money } from '../../ui/figures.tsx';
import { Link } from '../../ui/link.tsx';
import { MoreMenu } from '../../ui/list-tools.tsx';
import { Columns, Grid, Page as Frame, PageBody, PageHead, Stack } from '../../ui/page.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Steps } from '../../ui/run-progress.tsx';
import { Notice } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { useNow } from '../../ui/when.tsx';
import { CustomerPanel } from './customer-panel.tsx';
import { MapLineDrawer } from './map-line-drawer.tsx';
import { OrderStory } from './order-story.tsx';
import { isZero, minus, plus, standing, stepsOf, unmapped, vatIn } from './order-values.ts';
import { PackagesPanel } from './packages-panel.tsx';
import { orderQuery } from './queries.ts';

export const load = ({ queryClient, params }: LoadArgs) => queryClient.ensureQueryData(orderQuery(params['id'] ?? ''));

/** One order: how far it is, what holds it up, what is in it, who gets it, what happened. */
export function Page() {
  const { t } = useTranslation(['orders', 'common']);
  const { can } = useActor();
  const { id = '' } = useParams({ strict: false });
  const { data: order } = useSuspenseQuery(orderQuery(id));
  const [mapping, setMapping] = useState<string | undefined>();
  const mayMap = can('orders.write');
  const onMap = mayMap ? (line: OrderLine) => setMapping(line.id) : undefined;
  const changeable = mayMap
    ? order.lines.filter((line) => line.product !== null && line.state === 'open' && (line.stock === 'reserved' || line.stock === 'oversold'))
    : [];
  const money = <MoneyPanel order={order} />;
  return (
    <Frame title={order.number}>
      <PageHead
        trail={[{ label: t('detail.trail'), to: paths.orders() }]}
        title={order.number}
        note={
          <Link plain to={paths.channel(order.channel.platform, order.channel.id)}>
            <ChannelName channel={order.channel} />
          </Link>
        }
        actions={
          <MoreMenu bordered>
            <Menu.Label>
              {t('detail.platformNumber', { name: order.channel.name })}: {order.externalNumber}
            </Menu.Label>
            <Menu.Item onClick={() => void copy(order.externalNumber, t('common:actions.copied'))}>{t('detail.copyNumber')}</Menu.Item>
            {changeable.map((line) => (
              <Menu.Item key={line.id} onClick={() => setMapping(line.id)}>
                {changeable.length === 1 ? t('detail.changeMapping') : `${line.product?.sku ?? line.sku}: ${t('detail.changeMapping')}`}
              </Menu.Item>
            ))}
            {can('channels.connect') ? (
              <Menu.Item component={Link} plain to={paths.store(order.channel.platform, order.channel.id)}>
                {t('detail.openStore')}
              </Menu.Item>
            ) : null}
          </MoreMenu>
        }
      />
      <PageBody>
        <Stack>
          <Progress order={order} />
          <Banner order={order} onMap={onMap} />
          <Columns
            aside={
              <Panel title={t('detail.timeline')}>
                <OrderStory order={order} />
              </Panel>
            }
          >
            <PackagesPanel order={order} onMap={onMap} />
            {order.customer === null ? (
              money
            ) : (
              <Grid>
                <CustomerPanel customer={order.customer} />
                {money}
              </Grid>
            )}
          </Columns>
        </Stack>
      </PageBody>
      <MapLineDrawer order={order} line={order.lines.find((line) => line.id === mapping)} onClose={() => setMapping(undefined)} />
    </Frame>
  );
}

async function copy(text: string, done: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  toast(done);
}

function Progress({ order }: { order: OrderDetail }) {
  const { t } = useTranslation('orders');
  const zone = useZone();
  const now = useNow();
  const noteOf = (step: ReturnType<typeof stepsOf>[number]): string | undefined => {
    const due = order.shipBy === null ? 0 : new Date(order.shipBy).getTime() - now;
    switch (step.note) {
      case 'needsMapping':
        return t('detail.stepNeedsMapping');
      case 'oversold':
        return t('detail.stepOversold');
      case 'released':
        return t('detail.stepReleased');
      case 'before':
        return t('detail.stepBefore');
      case 'unpaid':
        return t('detail.stepUnpaid');
      case 'late':
        return t('detail.stepLate', { duration: formatDuration(due) });
      case 'due':
        return t('detail.stepDue', { time: order.shipBy === null ? '' : formatDeadline(order.shipBy, now) });
      default:
        return step.at === undefined ? undefined : formatRelative(step.at, zone, now);
    }
  };
  return (
    <Steps
      label={t('detail.progress')}
      steps={stepsOf(order, now).map((step) => ({ id: step.id, label: t(`detail.${step.id}`), state: step.state, note: noteOf(step) }))}
    />
  );
}

/** What holds the order up, what that means for the shop, and the button that ends it. */
function Banner({ order, onMap }: { order: OrderDetail; onMap?: (line: OrderLine) => void }) {
  const { t } = useTranslation('orders');
  const { can } = useActor();
  const now = useNow();
  const [open] = unmapped(order);
  if (open !== undefined)
    return (
      <Notice
        state="attention"
        title={t('banner.unmapped', { count: unmapped(order).length })}
        action={
          onMap === undefined ? undefined : (
            <Button variant="filled" onClick={() => onMap(open)}>
              {t('banner.map')}
            </Button>
          )
        }
      >
        {t(open.matchProblem === 'ambiguous' ? 'banner.unmappedAmbiguous' : 'banner.unmappedNone', { code: open.sku === '' ? open.barcode : open.sku })}
      </Notice>
    );
  const short = order.lines.find((line) => line.stock === 'oversold');
  if (short !== undefined && short.product !== null)
    return (
      <Notice
        state="attention"
        title={t('banner.oversold')}
        action={
          can('inventory.read') ? (
            <Button component={Link} plain to={paths.product(short.product.id, 'stock')}>
              {t('banner.stock')}
            </Button>
          ) : undefined
        }
      >
        {t('banner.oversoldText', { title: short.product.title, channel: order.channel.name })}
      </Notice>
    );
  if (order.status === 'delivery_failed')
    return (
      <Notice state="bad" title={t('banner.failed')}>
        {t('banner.failedText')}
      </Notice>
    );
  const waiting = order.status === 'new' || order.status === 'processing';
  if (waiting && order.shipBy !== null && new Date(order.shipBy).getTime() < now)
    return (
      <Notice state="bad" title={t('banner.late', { duration: formatDuration(new Date(order.shipBy).getTime() - now) })}>
        {t('banner.lateText', { channel: order.channel.name })}
      </Notice>
    );
  return null;
}

function MoneyPanel({ order }: { order: OrderDetail }) {
  const { t } = useTranslation('orders');
  const pieces = standing(order.lines).reduce((sum, line) => sum + line.quantity, 0);
  return (
    <Panel title={t('detail.money')}>
      <Facts
        numbers
        groups={[
          [
            { label: t('detail.goods', { count: pieces, number: formatNumber(pieces) }), value: <Money value={plus(order.total, order.discount)} /> },
            ...(isZero(order.discount) ? [] : [{ label: t('detail.discount'), value: <Money value={minus(order.discount)} /> }]),
          ],
          [
            { label: t('detail.total'), value: <Money value={order.total} strong /> },
            ...vatIn(order.lines).map(({ rate, amount }) => ({ label: t('detail.vatIn', { rate: formatNumber(rate) }), value: <Money value={amount} /> })),
          ],
        ]}
      />
    </Panel>
  );
}
