import { ControlError } from '../platform.ts';
import { advance, placeOrder } from './lifecycle.ts';
import type { Wanted } from './lifecycle.ts';
import { sourceOf } from './market.ts';
import type { Front, Market, Seller } from './market.ts';
import { wayTo } from './packages.ts';
import type { Package } from './packages.ts';
import type { Product } from './catalog.ts';

export interface Progress {
  pickingMs: number;
  shippedMs: number;
  deliveredMs: number;
}

export const DEFAULT_PROGRESS: Progress = { pickingMs: 10 * 60_000, shippedMs: 2 * 3_600_000, deliveredMs: 24 * 3_600_000 };

export interface Demand {
  sellerId: number;
  /** Undefined: any of the seller's. */
  storeFront: string | undefined;
  ordersPerMinute: number;
  progress: Progress | undefined;
  cancelShare: number;
  arrived: number;
  soldOut: number;
}

/** What one random shopper buys, from what is in stock; undefined when the front is sold out. */
export function randomBasket(market: Market, front: Front): Wanted[] | undefined {
  const draw = market.drawFor(front.seller);
  const roll = draw.next();
  const size = roll < 0.75 ? 1 : roll < 0.93 ? 2 : 3;
  const basket = new Map<Product, number>();
  for (let i = 0; i < size; i++) {
    const product = randomInStock(market, front);
    if (!product) break;
    const many = draw.next();
    basket.set(product, Math.min(product.quantity, many < 0.8 ? 1 : many < 0.95 ? 2 : 3));
  }
  return basket.size === 0 ? undefined : [...basket].map(([product, quantity]) => ({ product, quantity }));
}

function randomInStock(market: Market, front: Front): Product | undefined {
  const { sellable } = sourceOf(front).catalog;
  if (sellable.length === 0) return undefined;
  const draw = market.drawFor(front.seller);
  const isBuyable = (product: Product | undefined): boolean =>
    product !== undefined && product.quantity > 0 && !product.archived && !product.locked && !product.blacklisted;
  for (let tries = 0; tries < 20; tries++) {
    const product = draw.pick(sellable);
    if (isBuyable(product)) return product;
  }
  const start = draw.int(0, sellable.length - 1);
  for (let i = 0; i < sellable.length; i++) {
    const product = sellable[(start + i) % sellable.length];
    if (isBuyable(product)) return product;
  }
  return undefined;
}

/** Takes a new package along the ordinary way at moments of its own; a step that something else already took is left out. */
export function letProgress(market: Market, parcel: Package, progress: Progress, cancelShare = 0): void {
  const draw = market.drawFor(parcel.front.seller);
  const { clock } = market.frame;
  const around = (ms: number): number => Math.round(ms * (0.5 + draw.next()));
  const steps: [string, number][] = draw.chance(cancelShare)
    ? [['Cancelled', around(progress.pickingMs)]]
    : [
        ['Picking', around(progress.pickingMs)],
        ['Shipped', around(progress.shippedMs)],
        ['Delivered', around(progress.deliveredMs)],
      ];
  let moment = parcel.lastModified;
  for (const [status, afterMs] of steps) {
    moment += afterMs;
    clock.at(moment, () => {
      if (wayTo(parcel.status, status)) advance(market, parcel, status, clock.now());
    });
  }
}

/** Orders that keep arriving; one flow per seller and store front. */
export interface DemandFlows {
  set(demand: Omit<Demand, 'arrived' | 'soldOut'>): Demand;
  list(): Demand[];
}

export function createDemand(market: Market): DemandFlows {
  const flows = new Map<string, { demand: Demand; stop: () => void }>();
  const { clock } = market.frame;

  const run = (seller: Seller, demand: Demand, flow: { stop: () => void }): void => {
    const draw = market.frame.random(`trendyol/demand/${seller.sellerId}/${demand.storeFront ?? '*'}`);
    const fronts = [...seller.fronts.values()].filter((front) => demand.storeFront === undefined || front.facts.code === demand.storeFront);
    const next = (): void => {
      const gapMs = Math.max(1, Math.round((-Math.log(1 - draw.next()) * 60_000) / demand.ordersPerMinute));
      flow.stop = clock.at(clock.now() + gapMs, () => {
        const front = draw.pick(fronts);
        const basket = randomBasket(market, front);
        if (basket) {
          const parcel = placeOrder(market, front, basket, { at: clock.now(), status: 'Created' });
          demand.arrived++;
          if (demand.progress) letProgress(market, parcel, demand.progress, demand.cancelShare);
        } else demand.soldOut++;
        next();
      });
    };
    next();
  };

  return {
    set: (wanted) => {
      const seller = market.sellers.get(wanted.sellerId);
      if (!seller) throw new ControlError(404, `there is no seller ${wanted.sellerId}`);
      const key = `${wanted.sellerId}/${wanted.storeFront ?? '*'}`;
      flows.get(key)?.stop();
      flows.delete(key);
      const demand: Demand = { ...wanted, arrived: 0, soldOut: 0 };
      if (wanted.ordersPerMinute > 0) {
        const flow = { demand, stop: () => {} };
        flows.set(key, flow);
        run(seller, demand, flow);
      }
      return demand;
    },
    list: () => [...flows.values()].map((flow) => flow.demand),
  };
}
