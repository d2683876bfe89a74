import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { LineStock, OrderDetail, OrderLine, OrderPackage, PackageStatus } from '../../../../server/src/modules/orders/contract.ts';
import { formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { Quiet, Thumb } from '../../ui/cells.tsx';
import { Money } from '../../ui/figures.tsx';
import { Status } from '../../ui/glyph.tsx';
import type { State } from '../../ui/glyph.tsx';
import { Link } from '../../ui/link.tsx';
import { OutsideLink } from '../../ui/outside-link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { packagesOf } from './order-values.ts';
import css from './orders.module.css';

const packageShape: Record<PackageStatus, State> = {
  pending: 'none',
  new: 'none',
  processing: 'moving',
  shipped: 'moving',
  delivered: 'good',
  delivery_failed: 'bad',
  returned: 'none',
  cancelled: 'none',
  superseded: 'none',
  unknown: 'attention',
};
const stockShape: Record<LineStock, State> = { none: 'attention', reserved: 'good', oversold: 'attention', taken: 'good', released: 'none', before: 'none' };

/** What leaves the house and in which box: each package with its lines, and how the stock of each line stands. */
export function PackagesPanel({ order, onMap }: { order: OrderDetail; onMap?: (line: OrderLine) => void }) {
  const { t } = useTranslation('orders');
  const packages = packagesOf(order);
  return (
    <Panel title={t('detail.packages')} count={packages.filter(({ isReplaced }) => !isReplaced).length} flush>
      {packages.map(({ pack, lines, isReplaced }, place) => [
        <PackageHead key={pack.id} pack={pack} place={isReplaced ? undefined : place + 1} />,
        ...lines.map((line) => <Line key={line.id} line={line} onMap={onMap} />),
      ])}
    </Panel>
  );
}

function PackageHead({ pack, place }: { pack: OrderPackage; place: number | undefined }) {
  const { t } = useTranslation('orders');
  const tracking = [pack.cargoProvider, pack.trackingNumber].filter((word) => word !== '').join(' ');
  return (
    <div className={css.package}>
      <h3>{place === undefined ? t('detail.formerPackage') : t('detail.package', { place })}</h3>
      <span className={css.packageId}>{pack.externalId}</span>
      <span className={css.packageEnd}>
        <Status state={packageShape[pack.status]}>
          {pack.status === 'unknown' ? t('packageStatus.unknown', { raw: pack.rawStatus }) : t(`packageStatus.${pack.status}`)}
        </Status>
        {tracking === '' ? null : pack.trackingLink === '' ? <span>{tracking}</span> : <OutsideLink href={pack.trackingLink}>{tracking}</OutsideLink>}
      </span>
    </div>
  );
}

function Line({ line, onMap }: { line: OrderLine; onMap?: (line: OrderLine) => void }) {
  const { t } = useTranslation('orders');
  const gone = line.state === 'cancelled' || line.state === 'superseded';
  const { product } = line;
  const differs = product !== null && line.title !== '' && line.title !== product.title;
  return (
    <div className={css.line} data-gone={gone || undefined}>
      <Thumb src={product?.imageUrl ?? null} />
      <span className={css.name}>
        {product === null ? (
          line.title
        ) : (
          <Link plain to={paths.product(product.id)}>
            {product.title}
          </Link>
        )}
        {differs ? <span className={css.under}>{line.title}</span> : null}
      </span>
      <span className={css.code}>{product?.sku ?? (line.sku === '' ? line.barcode : line.sku)}</span>
      <LineState line={line} onMap={onMap} />
      <span className={css.amount}>{t('detail.quantity', { number: formatNumber(line.quantity) })}</span>
      <span className={css.amount}>
        <Money value={line.total} />
      </span>
    </div>
  );
}

function LineState({ line, onMap }: { line: OrderLine; onMap?: (line: OrderLine) => void }) {
  const { t } = useTranslation('orders');
  if (line.state === 'cancelled' || line.state === 'superseded' || line.state === 'returned') return <Quiet>{t(`lineState.${line.state}`)}</Quiet>;
  if (line.product === null && onMap !== undefined && line.state === 'open')
    return (
      <span>
        <Button onClick={() => onMap(line)} aria-label={`${t('detail.map')} ${line.title}`}>
          {t('detail.map')}
        </Button>
      </span>
    );
  const { available } = line;
  const left =
    available === null || (line.stock !== 'reserved' && line.stock !== 'oversold')
      ? undefined
      : t(available < 0 ? 'detail.short' : 'detail.available', { number: formatNumber(Math.abs(available)) });
  return (
    <Status state={stockShape[line.stock]} note={left}>
      {t(`lineStock.${line.stock}`)}
    </Status>
  );
}
