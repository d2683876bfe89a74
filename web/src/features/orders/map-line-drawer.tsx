import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { OrderDetail, OrderLine } from '../../../../server/src/modules/orders/contract.ts';
import { searchProducts } from '../../api/products.ts';
import { formatNumber } from '../../lib/format.ts';
import { Money } from '../../ui/figures.tsx';
import { Facts } from '../../ui/panel.tsx';
import { ProductPicker } from '../../ui/product-picker.tsx';
import { QuickLook } from '../../ui/quick-look.tsx';
import { toast, toastProblem } from '../../ui/toast.tsx';
import { candidatesQuery, mapLine } from './queries.ts';

/** Says which product of ours a line is; the order goes on at once. */
export function MapLineDrawer({ order, line, onClose }: { order: OrderDetail; line: OrderLine | undefined; onClose: () => void }) {
  const { t } = useTranslation('orders');
  return (
    <QuickLook opened={line !== undefined} onClose={onClose} title={t('map.title')}>
      {line === undefined ? null : <MapLine key={line.id} order={order} line={line} onClose={onClose} />}
    </QuickLook>
  );
}

function MapLine({ order, line, onClose }: { order: OrderDetail; line: OrderLine; onClose: () => void }) {
  const { t } = useTranslation('orders');
  const candidates = useQuery(candidatesQuery(line, { barcode: t('map.reason.barcode'), sku: t('map.reason.sku'), title: t('map.reason.title') }));
  const mapping = useMutation({
    mutationFn: mapLine,
    onSuccess: (changed) => {
      const sku = changed.lines.find((one) => one.id === line.id)?.product?.sku ?? '';
      toast(t('map.done', { title: line.title, sku }));
      onClose();
    },
    onError: toastProblem,
  });
  return (
    <>
      <Facts
        groups={[
          [
            { label: t('map.sold'), value: line.title },
            ...(line.sku === '' ? [] : [{ label: t('map.sku'), value: line.sku }]),
            ...(line.barcode === '' ? [] : [{ label: t('map.barcode'), value: line.barcode }]),
            { label: t('map.quantity'), value: formatNumber(line.quantity) },
            { label: t('map.price'), value: <Money value={line.unitPrice} /> },
            ...(line.product === null ? [] : [{ label: t('map.now'), value: `${line.product.title} · ${line.product.sku}` }]),
          ],
        ]}
      />
      <ProductPicker
        candidates={candidates.isError ? [] : candidates.data}
        search={searchProducts}
        action={t('map.action')}
        except={line.product?.id}
        picking={mapping.isPending}
        onPick={(choice) => mapping.mutate({ id: order.id, lineId: line.id, productId: choice.id })}
      />
    </>
  );
}
