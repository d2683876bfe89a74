import { z } from 'zod';
import { moneySchema } from '../../kit/money.ts';
import { route } from '../../kit/route.ts';
import { text } from '../../kit/text.ts';

const channelDay = z.object({
  channelId: z.uuid(),
  name: z.string(),
  mark: z.string(),
  series: z.number().int(),
  /** In the channel's own currency. */
  sales: moneySchema,
  /** In the shop's currency at the newest known rate; null when no rate is known. */
  inHome: moneySchema.nullable(),
  previousInHome: moneySchema.nullable(),
  orders: z.number().int(),
  /** Orders on each of the last 14 days of the shop's time zone, today last. */
  days: z.array(z.number().int()).length(14),
});

const waitingOrder = z.object({
  id: z.uuid(),
  number: z.string(),
  channelId: z.uuid(),
  title: z.string(),
  moreLines: z.number().int(),
  status: z.string(),
  problem: z.string().nullable(),
  shipBy: z.iso.datetime().nullable(),
});

/** Something broken: the web words it by `code`, the target says what its button opens. */
const trouble = z.object({
  code: z.enum([
    'channel_auth',
    'channel_failing',
    'channel_waiting',
    'run_failed',
    'push_refused',
    'push_in_doubt',
    'orders_unmapped',
    'orders_oversold',
    'orders_quarantined',
    'rate_missing',
  ]),
  severity: z.enum(['bad', 'attention']),
  count: z.number().int(),
  /** Name of the channel, run or currency that it is about. */
  name: z.string(),
  detail: z.string(),
  since: z.iso.datetime().nullable(),
  channelId: z.uuid().nullable(),
  platform: z.string().nullable(),
  runId: z.uuid().nullable(),
});

export const todaySchema = z.object({
  at: z.iso.datetime(),
  timeZone: z.string(),
  currency: z.string(),
  sales: z.object({
    total: moneySchema,
    previousTotal: moneySchema,
    orders: z.number().int(),
    previousOrders: z.number().int(),
    /** Running total at the end of each step of the period (24 hours, 7 days or 30 days) in minor units; null where it has not come yet. */
    steps: z.array(z.number().int().nullable()),
    previousSteps: z.array(z.number().int()),
  }),
  channels: z.array(channelDay),
  toSend: z.object({
    late: z.number().int(),
    today: z.number().int(),
    tomorrow: z.number().int(),
    later: z.number().int(),
    orders: z.array(waitingOrder),
  }),
  broken: z.array(trouble),
});
export type Today = z.infer<typeof todaySchema>;

const hit = z.object({
  kind: z.enum(['product', 'order']),
  id: z.uuid(),
  title: z.string(),
  /** SKU of a product; channel and customer of an order. */
  subtitle: z.string(),
  status: z.string(),
});
export type Hit = z.infer<typeof hit>;

export const deskContract = {
  today: route('signed_in')
    .route({ method: 'GET', path: '/today', tags: ['Desk'], summary: 'Money, orders due, what is broken', operationId: 'getToday' })
    .input(z.object({ days: z.enum(['1', '7', '30']).default('1') }))
    .output(todaySchema),
  search: route('signed_in')
    .route({ method: 'GET', path: '/search', tags: ['Desk'], summary: 'Products and orders by number, code or words', operationId: 'search' })
    .input(z.object({ q: text(200, { min: 1 }), limit: z.coerce.number().int().min(1).max(20).default(8) }))
    .output(z.object({ items: z.array(hit) })),
};
