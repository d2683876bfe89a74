import type { Answer } from '../platform.ts';
import type { Product } from './catalog.ts';
import type { Query } from './request.ts';

// What the product lists have in common: filters, paging, the envelope.

const MAX_OFFSET = 10_000;

export function barcodeFilter(query: Query): string[] | undefined {
  const one = query.text('barcode');
  const several = query.list('barcodes', 50);
  return one === undefined ? several : [one, ...(several ?? [])];
}

export function commonFilters(query: Query): ((product: Product) => boolean)[] {
  const tests: ((product: Product) => boolean)[] = [];
  const stockCode = query.text('stockCode');
  if (stockCode !== undefined) tests.push((product) => product.stockCode === stockCode);
  const mainId = query.text('productMainId');
  if (mainId !== undefined) tests.push((product) => product.productMainId === mainId);
  const origin = query.text('origin');
  if (origin !== undefined) tests.push((product) => product.origin === origin);
  const brands = query.numbers('brandIds', 50);
  if (brands) tests.push((product) => brands.has(product.brand.id));
  return tests;
}

export function dates(query: Query): [number | undefined, number | undefined] {
  const from = query.moment('startDate');
  const to = query.moment('endDate');
  if (from !== undefined && to !== undefined && from > to) query.refuse('startDate', 'must not be after endDate');
  return [from, to];
}

/** Refuses a page that only a token can reach. */
export function offsetPage(query: Query, size: number): number {
  const page = query.integer('page', 0, 1_000_000_000, 0);
  if (query.text('nextPageToken') === undefined && page * size > MAX_OFFSET)
    query.refuse('page', `× size must not be more than ${MAX_OFFSET}; use nextPageToken`);
  return page;
}

export function envelope(totalElements: number, page: number, size: number, sort: number[] | undefined, content: unknown[]): Answer {
  const nextPageToken = sort ? Buffer.from(JSON.stringify({ sort })).toString('base64') : null;
  return { status: 200, body: { totalElements, totalPages: Math.ceil(totalElements / size), page, size, nextPageToken, content } };
}

export function readToken(query: Query, length: number): number[] | undefined {
  const token = query.text('nextPageToken');
  if (token === undefined) return undefined;
  try {
    const { sort } = JSON.parse(Buffer.from(token, 'base64').toString('utf8')) as { sort?: unknown };
    if (Array.isArray(sort) && sort.length === length && sort.every((each) => typeof each === 'number')) return sort as number[];
  } catch {
    // Not a token of ours: refused below like any other wrong value.
  }
  return query.refuse('nextPageToken', 'is not valid');
}

export const descriptionOf = (product: Product): string => product.description ?? `<p>${product.title}</p>`;
export const pictures = (product: Product): { url: string }[] => product.images.map((url) => ({ url }));
