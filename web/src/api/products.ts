import { formatNumber } from '../lib/format.ts';
import { i18next } from '../lib/i18n.ts';
import type { Choice } from '../ui/product-picker.tsx';
import { api } from './client.ts';

/** Products for choosing one, by words, SKU or barcode. Archived ones are not sold and not offered. */
export async function searchProducts(q: string): Promise<Choice[]> {
  const { items } = await api.catalog.list({ search: q, status: ['active', 'draft'], limit: 20 });
  return items.map((product) => ({
    id: product.id,
    title: product.title,
    sku: product.sku,
    barcode: product.barcode,
    imageUrl: product.imageUrl,
    note: product.stock === null ? undefined : i18next.t('picker.available', { number: formatNumber(product.stock.available) }),
  }));
}
