import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { InventoryItemDetail, StockMovement } from '../../../../server/src/modules/inventory/contract.ts';
import { useActor } from '../../api/actor.ts';
import { formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { Quiet } from '../../ui/cells.tsx';
import { Link } from '../../ui/link.tsx';
import { Panel, PanelRow, PanelTable } from '../../ui/panel.tsx';
import { Problem, SkeletonLines } from '../../ui/states.tsx';
import { When } from '../../ui/when.tsx';
import { movementsQuery } from './queries.ts';

/** Why the stock is what it is, newest first. `short`: only the first page, with a way to the rest. */
export function Movements({ itemId, short = false }: { itemId: string; short?: boolean }) {
  const { t } = useTranslation('inventory');
  const query = useInfiniteQuery(movementsQuery(itemId, short ? 8 : undefined));
  const rows = (query.data?.pages ?? []).flatMap((page) => page.items);
  if (query.isPending)
    return (
      <Panel title={t('movements.title')}>
        <SkeletonLines lines={6} />
      </Panel>
    );
  if (query.data === undefined)
    return (
      <Panel title={t('movements.title')}>
        <Problem error={query.error} title={t('movements.failed')} onRetry={() => void query.refetch()} />
      </Panel>
    );
  if (rows.length === 0) return <Panel title={t('movements.title')}>{t('movements.none')}</Panel>;
  const more = !query.hasNextPage ? undefined : short ? (
    <Link to={paths.inventoryItem(itemId)}>{t('movements.all')}</Link>
  ) : (
    <Button variant="subtle" size="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
      {t('movements.older')}
    </Button>
  );
  return (
    <Panel title={t('movements.title')} foot={more} flush>
      <PanelTable
        label={t('movements.title')}
        rows={rows}
        rowKey={(row) => row.id}
        columns={[
          { id: 'at', header: t('movements.when'), cell: (row) => <When at={row.at} /> },
          { id: 'cause', header: t('movements.why'), cell: (row) => <Cause row={row} /> },
          { id: 'delta', header: t('movements.change'), end: true, cell: (row) => formatNumber(row.delta, { signed: true }) },
          { id: 'balance', header: t('movements.balance'), end: true, cell: (row) => <strong>{formatNumber(row.balance)}</strong> },
          {
            id: 'who',
            header: t('movements.who'),
            cell: (row) =>
              row.changeSetId === null ? (
                <Quiet>{row.actorName}</Quiet>
              ) : (
                <Link plain to={paths.change(row.changeSetId)}>
                  {row.actorName}
                </Link>
              ),
          },
        ]}
      />
    </Panel>
  );
}

function Cause({ row }: { row: StockMovement }) {
  const { t } = useTranslation('inventory');
  const { can } = useActor();
  const order = row.order === null ? null : can('orders.read') ? <Link to={paths.order(row.order.id)}>{row.order.number}</Link> : row.order.number;
  return (
    <>
      {t(`cause.${row.cause}`)} {order}
      {row.note === '' ? null : (
        <>
          {' '}
          <Quiet>{row.note}</Quiet>
        </>
      )}
    </>
  );
}

/** Pieces that orders wait for. */
export function Promises({ item }: { item: InventoryItemDetail }) {
  const { t } = useTranslation('inventory');
  const { can } = useActor();
  const shown = item.promises.length;
  return (
    <Panel title={t('promises.title')} count={formatNumber(item.reserved)} foot={shown === 100 ? t('promises.first') : undefined} flush={shown > 0}>
      {shown === 0
        ? t('promises.none')
        : item.promises.map((promise, place) => (
            <PanelRow
              key={promise.order === null ? `${promise.since} ${place}` : `${promise.order.id} ${place}`}
              title={
                promise.order === null ? (
                  t('promises.hidden')
                ) : can('orders.read') ? (
                  <Link to={paths.order(promise.order.id)}>{promise.order.number}</Link>
                ) : (
                  promise.order.number
                )
              }
              note={<When at={promise.since} />}
              end={t('pieces', { count: promise.quantity, number: formatNumber(promise.quantity) })}
            />
          ))}
    </Panel>
  );
}

/** What is sold out of this item. */
export function Takers({ item }: { item: InventoryItemDetail }) {
  const { t } = useTranslation('inventory');
  return (
    <Panel title={t('takers.title')} count={formatNumber(item.productCount)} flush={item.products.length > 0}>
      {item.products.length === 0
        ? t('takers.none')
        : item.products.map((product) => (
            <PanelRow
              key={product.id}
              title={<Link to={paths.product(product.id)}>{product.title}</Link>}
              note={[product.sku, product.quantity === 1 ? undefined : t('takers.each', { count: product.quantity, number: formatNumber(product.quantity) })]
                .filter((part) => part !== undefined)
                .join(', ')}
              end={t('takers.available', { number: formatNumber(product.available) })}
            />
          ))}
    </Panel>
  );
}
