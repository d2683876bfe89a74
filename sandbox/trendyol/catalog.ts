import { createHash } from 'node:crypto';

export interface Attribute {
  attributeId: number;
  attributeName: string;
  attributeValueId?: number | undefined;
  attributeValue: string;
}

export interface Named {
  id: number;
  name: string;
}

/** One barcode on one store front, approved or not. */
export interface Product {
  barcode: string;
  stockCode: string;
  title: string;
  productMainId: string;
  brand: Named;
  category: Named;
  description: string | undefined;
  images: readonly string[];
  attributes: readonly Attribute[];
  salePrice: number;
  listPrice: number;
  quantity: number;
  vatRate: number;
  origin: string | null;
  commission: number;
  dimensionalWeight: number;
  approved: boolean;
  rejectReasons: readonly string[];
  archived: boolean;
  locked: boolean;
  lockReason: string | null;
  blacklisted: boolean;
  hasViolation: boolean;
  createdAt: number;
  modifiedAt: number;
  stockModifiedAt: number;
  priceModifiedAt: number;
  variantId: number;
  card: Card | undefined;
}

/** A product card (content): variants of one model in one colour. */
export interface Card {
  contentId: number;
  productMainId: string;
  createdAt: number;
  modifiedAt: number;
  variants: Product[];
}

export const COLOUR_ATTRIBUTE = 47;
export const SIZE_ATTRIBUTE = 338;

export const isOnSale = (product: Product): boolean => product.approved && product.quantity > 0 && !product.archived && !product.locked && !product.blacklisted;

export const attribute = (product: Product, id: number): string | undefined => product.attributes.find((each) => each.attributeId === id)?.attributeValue;

/** `listingId`: 32 hex digits, the same for the same offer. */
export const listingId = (sellerId: number, barcode: string): string => createHash('md5').update(`${sellerId}/${barcode}`).digest('hex');

export interface IdMaker {
  contentId(): number;
  variantId(): number;
}

/** The products of one seller on one store front, with the orders of rows that the lists need. */
export class Catalog {
  readonly products = new Map<string, Product>();
  /** Approved products, for picking at random. */
  readonly sellable: Product[] = [];
  private readonly cardByKey = new Map<string, Card>();
  private readonly cardById = new Map<number, Card>();
  private ordered: Card[] = [];
  private isOrdered = true;
  private waiting: Product[] | undefined;
  private readonly ids: IdMaker;

  constructor(ids: IdMaker) {
    this.ids = ids;
  }

  add(product: Product): void {
    this.products.set(product.barcode, product);
    if (product.approved) this.approve(product);
    else this.waiting = undefined;
  }

  /** Gives a product its card: that of its model and colour, else a new one. */
  approve(product: Product): void {
    const key = JSON.stringify([product.productMainId, attribute(product, COLOUR_ATTRIBUTE) ?? '']);
    let card = this.cardByKey.get(key);
    if (!card) {
      card = {
        contentId: this.ids.contentId(),
        productMainId: product.productMainId,
        createdAt: product.createdAt,
        modifiedAt: product.modifiedAt,
        variants: [],
      };
      this.cardByKey.set(key, card);
      this.cardById.set(card.contentId, card);
      if (compare(this.ordered.at(-1), card) > 0) this.isOrdered = false;
      this.ordered.push(card);
    }
    card.variants.push(product);
    product.card = card;
    product.approved = true;
    this.sellable.push(product);
    this.waiting = undefined;
  }

  /** Cards by creation, oldest first. */
  cards(): readonly Card[] {
    if (!this.isOrdered) this.ordered.sort(compare);
    this.isOrdered = true;
    return this.ordered;
  }

  card(contentId: number): Card | undefined {
    return this.cardById.get(contentId);
  }

  /** Products that are not approved, oldest first. */
  unapproved(): readonly Product[] {
    this.waiting ??= [...this.products.values()].filter((product) => !product.approved).sort((a, b) => a.createdAt - b.createdAt || a.variantId - b.variantId);
    return this.waiting;
  }
}

function compare(a: Card | undefined, b: Card): number {
  return a ? a.createdAt - b.createdAt || a.contentId - b.contentId : 0;
}
