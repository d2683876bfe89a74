import type { Answer } from '../platform.ts';
import { isOnSale, listingId, SIZE_ATTRIBUTE } from './catalog.ts';
import type { Attribute, Card, Product } from './catalog.ts';
import type { Switches } from './switches.ts';
import { productError } from './refusals.ts';
import { barcodeFilter, commonFilters, dates, descriptionOf, envelope, offsetPage, pictures, readToken } from './product-lists.ts';
import { Query, say } from './request.ts';
import type { Request, Route } from './request.ts';

const STATES = ['archived', 'blacklisted', 'locked', 'onSale', 'notOnSale'] as const;

export const productRoutes: Route[] = [
  { method: 'GET', pattern: '/product/sellers/{s}/products/approved', group: 'productRead', run: listApproved },
  { method: 'GET', pattern: '/product/sellers/{s}/products/approved/inventory-and-price', group: 'productRead', run: listInventory },
  { method: 'GET', pattern: '/product/sellers/{s}/product/{barcode}', group: 'productRead', run: getOne },
];

function listApproved(request: Request): Answer {
  const { switches } = request.market;
  return pageOfCards(request, (card, variants) => cardJson(request, card, variants, switches));
}

function listInventory(request: Request): Answer {
  return pageOfCards(request, (card, variants) => ({
    contentId: card.contentId,
    productMainId: card.productMainId,
    variants: variants.map((product) => ({
      variantId: product.variantId,
      barcode: product.barcode,
      salePrice: product.salePrice,
      listPrice: product.listPrice,
      quantity: product.quantity,
      stockCode: product.stockCode,
      stockLastModifiedDate: product.stockModifiedAt,
    })),
  }));
}

function getOne(request: Request): Answer {
  const product = request.front.catalog.products.get(request.params.barcode ?? '');
  if (!product) return productError(404, 'product.not.found', say(request, 'Product not found', 'Ürün bulunamadı'));
  return {
    status: 200,
    body: {
      barcode: product.barcode,
      approved: product.approved,
      approvedDate: product.approved ? product.createdAt : null,
      archived: product.archived,
      listingId: product.approved ? listingId(request.seller.sellerId, product.barcode) : null,
      contentId: product.card?.contentId ?? null,
    },
  };
}

/** One page of cards, by `page`/`size` up to 10,000 and by `nextPageToken` beyond. */
function pageOfCards(request: Request, toJson: (card: Card, variants: readonly Product[]) => unknown): Answer {
  const query = new Query(request, 'product');
  const size = query.integer('size', 1, 100, 50);
  const page = offsetPage(query, size);
  const isAscending = query.oneOf('orderByDirection', ['ASC', 'DESC']) === 'ASC';
  const matches = variantFilter(query);
  const isWhole = !matches || request.market.switches.filteredVariants === 'card';
  const { catalog } = request.front;

  let cards: readonly Card[] = catalog.cards();
  const named = namedCards(request, query);
  if (named || matches) cards = [...(named ?? cards)].filter((card) => !matches || card.variants.some((product) => matches(product, card)));
  const rank = (index: number): Card | undefined => (isAscending ? cards[index] : cards[cards.length - 1 - index]);
  const token = readToken(query, 2);
  let start = page * size;
  if (token) {
    const [createdAt = 0, contentId = 0] = token;
    const older = countBefore(cards, createdAt, contentId);
    const isThere = cards[older]?.contentId === contentId;
    start = isAscending ? older + (isThere ? 1 : 0) : cards.length - older;
  }
  const shown: Card[] = [];
  for (let i = start; i < start + size; i++) {
    const card = rank(i);
    if (card) shown.push(card);
  }
  const last = shown.at(-1);
  const content = shown.map((card) => toJson(card, isWhole ? card.variants : card.variants.filter((product) => matches?.(product, card))));
  return envelope(cards.length, page, size, last && [last.createdAt, last.contentId], content);
}

/** Cards that a barcode or content id names directly, so that no list has to be walked. */
function namedCards(request: Request, query: Query): ReadonlySet<Card> | undefined {
  const { catalog } = request.front;
  const contentId = query.integer('contentId', 0, Number.MAX_SAFE_INTEGER);
  const barcodes = barcodeFilter(query);
  if (contentId === undefined && !barcodes) return undefined;
  const cards = barcodes ? barcodes.map((barcode) => catalog.products.get(barcode)?.card) : [catalog.card(contentId ?? 0)];
  const found = cards.filter((card) => card !== undefined && (contentId === undefined || card.contentId === contentId)) as Card[];
  return new Set(found.sort((a, b) => a.createdAt - b.createdAt || a.contentId - b.contentId));
}

/** What the given parameters ask of a variant; undefined when they ask nothing. */
function variantFilter(query: Query): ((product: Product, card: Card) => boolean) | undefined {
  const tests: ((product: Product, card: Card) => boolean)[] = [];
  const barcodes = barcodeFilter(query);
  if (barcodes) tests.push((product) => barcodes.includes(product.barcode));
  tests.push(...commonFilters(query));
  const state = query.oneOf('status', STATES);
  if (state) tests.push((product) => hasState(product, state));
  const type = query.oneOf('dateQueryType', ['VARIANT_CREATED_DATE', 'VARIANT_MODIFIED_DATE', 'CONTENT_MODIFIED_DATE']) ?? 'VARIANT_MODIFIED_DATE';
  const [from, to] = dates(query);
  if (from !== undefined || to !== undefined) {
    tests.push((product, card) => {
      const moment = type === 'VARIANT_CREATED_DATE' ? product.createdAt : type === 'VARIANT_MODIFIED_DATE' ? product.modifiedAt : card.modifiedAt;
      return moment >= (from ?? 0) && moment <= (to ?? Infinity);
    });
  }
  return tests.length === 0 ? undefined : (product, card) => tests.every((test) => test(product, card));
}

function hasState(product: Product, state: (typeof STATES)[number]): boolean {
  if (state === 'onSale') return isOnSale(product);
  if (state === 'notOnSale') return !isOnSale(product);
  return product[state];
}

/** How many cards come before (createdAt, contentId). */
function countBefore(cards: readonly Card[], createdAt: number, contentId: number): number {
  let low = 0;
  let high = cards.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const card = cards[middle]!;
    if (card.createdAt < createdAt || (card.createdAt === createdAt && card.contentId < contentId)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function cardJson(request: Request, card: Card, variants: readonly Product[], switches: Switches): unknown {
  const first = card.variants[0];
  const { sellerId } = request.seller;
  return {
    contentId: card.contentId,
    productMainId: card.productMainId,
    brand: first?.brand,
    category: first?.category,
    creationDate: card.createdAt,
    lastModifiedDate: card.modifiedAt,
    lastModifiedBy: 'api',
    title: first?.title,
    description: first && descriptionOf(first),
    images: first ? pictures(first) : [],
    attributes: first?.attributes.filter((each) => !isVariantAttribute(each)) ?? [],
    variants: variants.map((product) => variantJson(product, card, sellerId, switches)),
  };
}

const isVariantAttribute = (each: Attribute): boolean => each.attributeId === SIZE_ATTRIBUTE;

function variantJson(product: Product, card: Card, sellerId: number, switches: Switches): unknown {
  const stock =
    product.quantity === 0 && switches.zeroStockQuantity === 'missing'
      ? { lastModifiedDate: product.stockModifiedAt }
      : { quantity: product.quantity, lastModifiedDate: product.stockModifiedAt };
  // One card in ten is in a platform campaign: the shopper sees 5 % less.
  const seen = card.contentId % 10 === 0 ? Math.round(product.salePrice * 95) / 100 : product.salePrice;
  return {
    variantId: product.variantId,
    supplierId: sellerId,
    barcode: product.barcode,
    commission: product.commission,
    attributes: product.attributes.filter(isVariantAttribute),
    productUrl: `https://www.trendyol.com/x/y-p-${card.contentId}?merchantId=${sellerId}`,
    onSale: isOnSale(product),
    channels: ['CORE'],
    [switches.deliveryKey]: { deliveryDuration: 1 },
    stock,
    price: { salePrice: product.salePrice, listPrice: product.listPrice, priceSeenByCustomer: seen },
    stockCode: product.stockCode,
    origin: product.origin,
    vatRate: product.vatRate,
    sellerCreatedDate: product.createdAt,
    sellerModifiedDate: product.modifiedAt,
    locked: product.locked,
    lockReason: product.lockReason,
    lockDate: product.locked ? product.modifiedAt : null,
    archived: product.archived,
    archivedDate: product.archived ? product.modifiedAt : null,
    docNeeded: false,
    hasViolation: product.hasViolation,
    blacklisted: product.blacklisted,
    cargoProviders: [],
  };
}
