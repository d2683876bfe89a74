import type { Frame } from '../platform.ts';
import type { Random } from '../random.ts';
import { Catalog } from './catalog.ts';
import type { IdMaker } from './catalog.ts';
import type { FrontFacts } from './fronts.ts';
import { FRONTS } from './fronts.ts';
import { PackageIndex } from './package-index.ts';
import type { Package } from './packages.ts';
import type { Switches } from './switches.ts';

export const TIERS = ['50k', '75k', '150k', '500k', 'unlimited', 'international'] as const;

export interface Seller {
  sellerId: number;
  apiKey: string;
  apiSecret: string;
  tier: (typeof TIERS)[number];
  /** Destination → source: orders of the destination sell the source's products. */
  crossCountry: Record<string, string>;
  fronts: Map<string, Front>;
  orders: Map<string, Package[]>;
}

/** A seller on one store front. */
export interface Front {
  seller: Seller;
  facts: FrontFacts;
  catalog: Catalog;
  packages: PackageIndex;
}

/** Everything the simulated Trendyol knows. */
export interface Market {
  frame: Frame;
  switches: Switches;
  /** Draws for order contents; each seller's is its own, so that sellers do not disturb each other. */
  drawFor(seller: Seller): Random;
  sellers: Map<number, Seller>;
  packages: Map<number, Package>;
  ids: IdMaker & {
    packageId(): number;
    orderNumber(): string;
    shipmentNumber(): number;
    lineId(): number;
    itemId(): number;
    addressId(): number;
  };
  customerSeed: number;
}

export function createMarket(frame: Frame, switches: Switches): Market {
  const draw = frame.random('trendyol/ids');
  // Orders of another seed have other numbers: a market that begins anew never reuses those of an earlier life.
  const counter = (start: number, maxStep = 1, spread = 9999): (() => number) => {
    let last = start + draw.int(0, spread);
    return () => (last += maxStep === 1 ? 1 : draw.int(1, maxStep));
  };
  const orderNumber = counter(10_912_345_000, 97, 9_000_000_000);
  const draws = new Map<number, Random>();
  return {
    frame,
    switches,
    drawFor: (seller) => {
      let random = draws.get(seller.sellerId);
      if (!random) draws.set(seller.sellerId, (random = frame.random(`trendyol/orders/${seller.sellerId}`)));
      return random;
    },
    sellers: new Map(),
    packages: new Map(),
    ids: {
      contentId: counter(900_100_000),
      variantId: counter(700_200_000),
      packageId: counter(3_412_345_000, 7, 900_000_000),
      orderNumber: () => String(orderNumber()),
      shipmentNumber: counter(700_123_000),
      lineId: counter(5_812_345_000, 5, 900_000_000),
      itemId: counter(91_000_000),
      addressId: counter(81_234_000),
    },
    customerSeed: draw.int(0, 0x7fff_ffff),
  };
}

export function addFront(market: Market, seller: Seller, code: string): void {
  const facts = FRONTS.get(code);
  if (facts && !seller.fronts.has(code)) seller.fronts.set(code, { seller, facts, catalog: new Catalog(market.ids), packages: new PackageIndex() });
}

/** Where the products come from that this store front's orders sell. */
export function sourceOf(front: Front): Front {
  const source = front.seller.crossCountry[front.facts.code];
  return (source !== undefined && front.seller.fronts.get(source)) || front;
}

export const currencyOf = (market: Market, front: Front): string => (front.facts.code === 'BG' ? market.switches.bgCurrency : front.facts.currency);
