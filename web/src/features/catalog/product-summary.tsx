import { useState } from 'react';
import { IconPhoto } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Product } from '../../../../server/src/modules/catalog/contract.ts';
import { useActor } from '../../api/actor.ts';
import { formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { Thumb } from '../../ui/cells.tsx';
import { Money, Num, Stock } from '../../ui/figures.tsx';
import { Link } from '../../ui/link.tsx';
import { Facts } from '../../ui/panel.tsx';
import { When } from '../../ui/when.tsx';
import css from './catalog.module.css';
import { stockShape } from './listing-words.ts';
import { costText } from './member-words.ts';

/** More small pictures than this say nothing that the form does not. */
const SHOWN = 10;

/** Left of a product: its picture and what one wants to know without reading a form. */
export function ProductSummary({ product }: { product: Product }) {
  const { t } = useTranslation('catalog');
  const { can } = useActor();
  const [place, setPlace] = useState(0);
  const image = product.images[place] ?? product.images[0];
  const { stock } = product;
  const kind = product.barcodeKind === null ? undefined : t(`barcodeShort.${product.barcodeKind}`);
  return (
    <>
      <div className={css.picture}>
        {image === undefined ? <IconPhoto size="1em" stroke={1.2} aria-hidden /> : <img src={image.url} alt={image.alt === '' ? product.title : image.alt} />}
      </div>
      {product.images.length < 2 ? null : (
        <div className={css.thumbs}>
          {product.images.slice(0, SHOWN).map((one, index) => (
            <button
              key={one.id}
              type="button"
              aria-label={t('summary.picture', { place: index + 1 })}
              aria-pressed={one === image}
              onClick={() => setPlace(index)}
            >
              <Thumb src={one.url} large />
            </button>
          ))}
        </div>
      )}
      <Facts
        groups={[
          [
            { label: t('field.sku'), value: product.sku },
            {
              label: t('field.barcode'),
              value:
                product.barcode === null ? (
                  <None />
                ) : (
                  <>
                    {product.barcode} {kind === undefined ? null : <span className={css.unit}>{kind}</span>}
                  </>
                ),
            },
            {
              label: t('field.category'),
              value:
                product.category === null ? (
                  <None />
                ) : (
                  <Link plain to={paths.products({ category: product.category.id })}>
                    {product.category.path}
                  </Link>
                ),
            },
            ...(product.group === null
              ? []
              : [
                  {
                    label: t('summary.variants'),
                    value: <Link to={paths.products({ group: product.group.id })}>{Object.values(product.options).join(', ') || product.group.title}</Link>,
                  },
                ]),
          ],
          [
            { label: t('field.price'), value: <Money strong value={product.price} /> },
            ...(product.compareAtPrice === null ? [] : [{ label: t('field.compareAtPrice'), value: <Money value={product.compareAtPrice} /> }]),
            ...(can('costs.read') ? [{ label: t('field.cost'), value: product.cost === null ? <None /> : costText(product.cost) }] : []),
            ...(product.vatRate === null ? [] : [{ label: t('field.vatRate'), value: <Num value={product.vatRate} unit="%" /> }]),
          ],
          [
            {
              label: t('field.available'),
              value:
                stock === null ? (
                  t('summary.stockUnknown')
                ) : (
                  <>
                    <Stock value={stock.available} state={stockShape(stock.available)} />{' '}
                    <span className={css.unit}>{t('summary.ofOnHand', { onHand: formatNumber(stock.onHand), reserved: formatNumber(stock.reserved) })}</span>
                  </>
                ),
            },
            { label: t('field.warehouseLocation'), value: product.warehouseLocation === '' ? <None /> : product.warehouseLocation },
          ],
          [
            { label: t('field.updatedAt'), value: <When at={product.updatedAt} /> },
            { label: t('field.createdAt'), value: <When at={product.createdAt} /> },
          ],
        ]}
      />
    </>
  );
}

const None = () => <span className={css.unit}>–</span>;
