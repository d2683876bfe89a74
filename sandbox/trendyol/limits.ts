import type { Limit } from '../quota.ts';
import type { Seller } from './market.ts';
import type { Route } from './request.ts';

const MINUTE_MS = 60_000;
const ENDPOINT = { limit: 50, windowMs: 10_000 };

/** Calls a minute by the size of the seller's listing; `international` is the other documentation set's table. */
const PER_MINUTE: Record<Seller['tier'], Partial<Record<Route['group'], number>>> = {
  '50k': { productRead: 1000, batchRead: 1000, inventory: 350, orders: 30 },
  '75k': { productRead: 1250, batchRead: 1250, inventory: 500, orders: 40 },
  '150k': { productRead: 1500, batchRead: 1500, inventory: 1000, orders: 50 },
  '500k': { productRead: 1750, batchRead: 1750, inventory: 1500, orders: 100 },
  unlimited: { productRead: 2000, batchRead: 2000, inventory: 2000, orders: 100 },
  international: { productRead: 2000, batchRead: 1000, orders: 1000 },
};

/** What a call of this route counts against: its own ten seconds, and its group's minute. */
export function limitsOf(seller: Seller, route: Route): Limit[] {
  const limits: Limit[] = [{ key: `${route.method} ${route.pattern}`, ...ENDPOINT }];
  const perMinute = PER_MINUTE[seller.tier][route.group];
  // In Türkiye batch results share the limit of the product reads.
  const group = route.group === 'batchRead' && seller.tier !== 'international' ? 'productRead' : route.group;
  if (perMinute !== undefined) limits.push({ key: `group ${group}`, limit: perMinute, windowMs: MINUTE_MS });
  return limits;
}
