import { z } from 'zod';
import { ConnectorError } from '../../kit/errors.ts';
import type { ChannelProductRecord, PullPage, Store } from '../connector.ts';
import { openClient } from './client.ts';
import { toProduct, toUnapproved } from './map-product.ts';
import { reasonOf } from './orders.ts';
import { cardSchema, listSchema, unapprovedSchema, variantSchema } from './schemas.ts';
import { currencyOf, groups } from './settings.ts';

/** Largest page the platform takes for cards; unapproved rows carry whole descriptions, so less than the 1000 it would take. */
const SIZE = { approved: 100, unapproved: 200 } as const;
/** Beyond so many rows pages end and `nextPageToken` goes on. */
const PAGED_ROWS = 10_000;

const cursorSchema = z
  .strictObject({ list: z.enum(['unapproved', 'approved']), page: z.number().int().min(0), token: z.string().optional() })
  .nullish()
  .transform((cursor) => cursor ?? { list: 'unapproved' as const, page: 0, token: undefined });

/**
 * One page of everything the seller has: first what waits for approval or was refused, then what is approved, so that a product
 * approved meanwhile is met in its newer state. The platform counts cards, not barcodes: no total is told.
 */
export async function pullProducts(store: Store, cursor: unknown): Promise<PullPage<ChannelProductRecord>> {
  const { list, page, token } = cursorSchema.parse(cursor);
  const client = openClient(store);
  const storeFront = client.settings.productStoreFront;
  const size = SIZE[list];
  const answer = await client.call({
    method: 'GET',
    path: `/product/sellers/{s}/products/${list}`,
    storeFront,
    group: groups[list],
    query: { size, ...(token === undefined ? { page } : { nextPageToken: token }) },
  });
  const parsed = listSchema.safeParse(answer.body);
  if (!parsed.success) throw new ConnectorError('bad_response', 'Trendyol’s list of products could not be read.', { cause: parsed.error });
  const { content, totalElements, totalPages, nextPageToken } = parsed.data;

  const currency = currencyOf(storeFront, client.settings);
  const items: ChannelProductRecord[] = [];
  const unreadable: { externalId: string; reason: string; raw: unknown }[] = [];
  const give = (result: { success: true; data: ChannelProductRecord } | { success: false; error: z.ZodError }, raw: unknown): void => {
    if (result.success) items.push(result.data);
    else unreadable.push({ externalId: named(raw), reason: reasonOf(result.error), raw });
  };
  for (const row of content) {
    if (list === 'unapproved') {
      const wire = unapprovedSchema.safeParse(row);
      give(wire.success ? { success: true, data: toUnapproved(wire.data, currency) } : wire, row);
      continue;
    }
    const card = cardSchema.safeParse(row);
    if (!card.success) give(card, row);
    else {
      for (const raw of card.data.variants) {
        const variant = variantSchema.safeParse(raw);
        give(variant.success ? { success: true, data: toProduct(card.data, variant.data, currency) } : variant, raw);
      }
    }
  }
  return { items, unreadable, next: nextOf() };

  function nextOf(): unknown {
    const seen = token === undefined ? page * size + content.length : PAGED_ROWS;
    // A short page may still be followed by others; an empty one never is.
    const more = content.length > 0 && (token === undefined ? (totalPages ?? Infinity) > page + 1 : content.length === size);
    if (!more) return list === 'unapproved' ? { list: 'approved', page: 0 } : null;
    if (token === undefined && (page + 2) * size <= PAGED_ROWS) return { list, page: page + 1 };
    if (nextPageToken) return { list, page: page + 1, token: nextPageToken };
    if (token !== undefined || seen >= (totalElements ?? Infinity)) return list === 'unapproved' ? { list: 'approved', page: 0 } : null;
    throw new ConnectorError('bad_response', `Trendyol lists ${totalElements ?? 'more'} products but does not say how to go on after the first ${seen}.`);
  }
}

const named = (raw: unknown): string => {
  const wire = z.looseObject({ barcode: z.unknown(), contentId: z.unknown() }).safeParse(raw);
  const name = wire.success ? (wire.data.barcode ?? wire.data.contentId) : undefined;
  return typeof name === 'string' || typeof name === 'number' ? String(name) : 'unknown';
};
