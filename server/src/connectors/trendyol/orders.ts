import { z } from 'zod';
import { ConnectorError } from '../../kit/errors.ts';
import type { ChannelOrderRecord, OrderWindow, PullPage, Store } from '../connector.ts';
import { openClient } from './client.ts';
import { toOrder, Unreadable } from './map.ts';
import { packageSchema, streamSchema } from './schemas.ts';
import { groups } from './settings.ts';

export const PAGE_SIZE = 200;
export const MAX_WINDOW_MS = 14 * 86_400_000;

/** The window travels with the cursor: the platform refuses changed filters, and the caller may resume hours later. */
const cursorSchema = z.strictObject({ nextCursor: z.string(), from: z.number(), to: z.number() }).nullish();

/** Packages of one store front changed in a window of at most 14 days, newest change first, page by page through the stream. */
export async function pullOrders(store: Store, window: OrderWindow, cursor: unknown): Promise<PullPage<ChannelOrderRecord>> {
  const { nextCursor, from, to } = cursorSchema.parse(cursor) ?? { nextCursor: undefined, from: window.from.getTime(), to: window.to.getTime() };
  if (to - from > MAX_WINDOW_MS) throw new Error('A window of orders is at most 14 days.');
  const client = openClient(store);
  const answer = await client.call({
    method: 'GET',
    path: '/order/sellers/{s}/orders/stream',
    storeFront: window.storeFront,
    group: groups.orders,
    query: { lastModifiedStartDate: from, lastModifiedEndDate: to, size: PAGE_SIZE, nextCursor },
  });
  const page = streamSchema.safeParse(answer.body);
  if (!page.success) throw new ConnectorError('bad_response', 'Trendyol’s list of orders could not be read.', { cause: page.error });
  const { content, hasMore } = page.data;
  if (hasMore && !page.data.nextCursor) throw new ConnectorError('bad_response', 'Trendyol says there are more orders but not where.');

  const items: ChannelOrderRecord[] = [];
  const unreadable: { externalId: string; reason: string; raw: unknown }[] = [];
  for (const raw of content) {
    const wire = packageSchema.safeParse(raw);
    try {
      if (!wire.success) throw new Unreadable(reasonOf(wire.error));
      items.push(toOrder(wire.data, raw, window.storeFront, client.settings));
    } catch (error) {
      unreadable.push({ externalId: externalIdOf(raw), reason: error instanceof Error ? error.message : String(error), raw });
    }
  }
  return { items, unreadable, next: hasMore ? { nextCursor: page.data.nextCursor, from, to } : null };
}

export const reasonOf = (error: z.ZodError): string =>
  error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.') || 'the whole record'}: ${issue.message}`)
    .join('; ');

const idOnly = z
  .looseObject({
    shipmentPackageId: z.union([z.string(), z.number()]).nullish().catch(undefined),
    id: z.union([z.string(), z.number()]).nullish().catch(undefined),
    orderNumber: z.union([z.string(), z.number()]).nullish().catch(undefined),
  })
  .catch({});

/** Whatever still names a record that cannot be read. */
function externalIdOf(raw: unknown): string {
  const wire = idOnly.parse(raw);
  return String(wire.shipmentPackageId ?? wire.id ?? wire.orderNumber ?? 'unknown');
}
