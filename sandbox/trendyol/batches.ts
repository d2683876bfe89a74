import type { Answer } from '../platform.ts';
import type { Market, Seller } from './market.ts';
import { productError } from './refusals.ts';
import type { Request, Route } from './request.ts';

const KEPT_MS = 4 * 3_600_000;

export interface BatchItem {
  requestItem: Record<string, unknown>;
  status: 'IN_PROGRESS' | 'SUCCESS' | 'FAILED';
  failureReasons: string[];
}

export interface Batch {
  id: string;
  seller: Seller;
  type: 'ProductInventoryUpdate';
  /** Price and stock batches never say how they are as a whole. */
  hasTopStatus: boolean;
  createdAt: number;
  changedAt: number;
  isDone: boolean;
  polls: number;
  items: BatchItem[];
}

/** Asynchronous work: done after a while on the virtual clock, its result kept for four hours. */
export interface Batches {
  /** `work` runs when the batch is due and settles each item. */
  start(seller: Seller, type: Batch['type'], items: BatchItem[], work: (batch: Batch) => void): Batch;
  routes: Route[];
}

export function createBatches(market: Market): Batches {
  const batches = new Map<string, Batch>();
  const draw = market.frame.random('trendyol/batches');
  const { clock } = market.frame;

  const read = (request: Request): Answer => {
    const batch = batches.get(request.params.batchRequestId ?? '');
    if (!batch || batch.seller !== request.seller) return unknown(request);
    const { switches } = market;
    const isShown = batch.isDone && (batch.polls++ > 0 || !switches.batchFirstPollUnfinished);
    const items = isShown ? batch.items : unfinished(batch, switches.batchUnfinished);
    const { id: batchRequestId, createdAt: creationDate } = batch;
    const status = batch.hasTopStatus ? { status: isShown ? 'COMPLETED' : 'IN_PROGRESS' } : {};
    const failedItemCount = items.filter((item) => item.status === 'FAILED').length;
    const lastModification = isShown ? batch.changedAt : creationDate;
    return {
      status: 200,
      body: {
        batchRequestId,
        ...status,
        creationDate,
        lastModification,
        sourceType: 'API',
        itemCount: batch.items.length,
        failedItemCount,
        batchRequestType: batch.type,
        items,
        notes: null,
        storeFrontCode: request.front.facts.code,
      },
    };
  };

  return {
    start: (seller, type, items, work) => {
      const createdAt = clock.now();
      const id = `${draw.uuid()}-${Math.floor(createdAt / 1000)}`;
      const batch: Batch = {
        id,
        seller,
        type,
        hasTopStatus: type !== 'ProductInventoryUpdate',
        createdAt,
        changedAt: createdAt,
        isDone: false,
        polls: 0,
        items,
      };
      batches.set(id, batch);
      clock.at(createdAt + market.switches.batchDelayMs, () => {
        work(batch);
        batch.isDone = true;
        batch.changedAt = clock.now();
      });
      clock.at(createdAt + KEPT_MS, () => batches.delete(id));
      return batch;
    },
    routes: [{ method: 'GET', pattern: '/product/sellers/{s}/products/batch-requests/{batchRequestId}', group: 'batchRead', run: read }],
  };
}

function unfinished(batch: Batch, how: 'in-progress' | 'empty' | 'partial'): BatchItem[] {
  if (how === 'empty') return [];
  const final = how === 'partial' && batch.isDone ? Math.floor(batch.items.length / 2) : 0;
  return batch.items.map((item, i) => (i < final ? item : { ...item, status: 'IN_PROGRESS', failureReasons: [] }));
}

function unknown(request: Request): Answer {
  const fields = {
    batchRequestId: null,
    creationDate: null,
    lastModification: null,
    sourceType: null,
    itemCount: null,
    failedItemCount: null,
    batchRequestType: null,
    items: null,
  };
  return { status: 200, body: { ...fields, status: request.market.switches.unknownBatch === 'processing' ? 'PROCESSING' : null } };
}

/** `{"items": […]}` of a write: a JSON object with 1 to 1000 objects, else the platform's 400 or 415. */
export function readItems(request: Request): Record<string, unknown>[] | Answer {
  const type = request.call.headers['content-type'] ?? '';
  if (!/^application\/json\b/i.test(type)) return productError(415, 'unsupported.media.type', `Content-Type '${type}' is not supported`);
  let body: unknown;
  try {
    body = JSON.parse(request.call.body.toString('utf8'));
  } catch {
    return productError(400, 'invalid.request.body', 'JSON parse error');
  }
  const items = typeof body === 'object' && body !== null && 'items' in body ? body.items : undefined;
  if (!Array.isArray(items) || items.length === 0) return productError(400, 'invalid.items', 'items must not be empty');
  if (items.length > 1000) return productError(400, 'items.size.exceeded', 'items must not hold more than 1000');
  if (items.some((item) => typeof item !== 'object' || item === null || Array.isArray(item)))
    return productError(400, 'invalid.request.body', 'JSON parse error: items must hold objects');
  return items as Record<string, unknown>[];
}
