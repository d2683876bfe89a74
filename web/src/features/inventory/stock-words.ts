import type { TFunction } from 'i18next';
import type { InventoryItem } from '../../../../server/src/modules/inventory/contract.ts';
import { formatNumber } from '../../lib/format.ts';
import type { State } from '../../ui/glyph.tsx';

export type InventoryT = TFunction<'inventory'>;
type Figures = Pick<InventoryItem, 'available' | 'reorderPoint' | 'productCount'>;

/** What an item's figures mean, worst first; `none` needs nobody. */
export function stockState({ available, reorderPoint, productCount }: Figures): { state: State; word: 'oversold' | 'none' | 'low' | 'unmapped' | 'enough' } {
  if (available < 0) return { state: 'bad', word: 'oversold' };
  if (available === 0) return { state: 'bad', word: 'none' };
  if (reorderPoint !== null && available <= reorderPoint) return { state: 'attention', word: 'low' };
  if (productCount === 0) return { state: 'attention', word: 'unmapped' };
  return { state: 'good', word: 'enough' };
}

export const stockPhrase = (t: InventoryT, item: Figures): string => {
  const { word } = stockState(item);
  return t(`state.${word}`, { count: Math.abs(item.available), number: formatNumber(Math.abs(item.available)), point: formatNumber(item.reorderPoint ?? 0) });
};
