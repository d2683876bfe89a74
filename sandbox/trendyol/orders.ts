import type { Answer } from '../platform.ts';
import { packageJson } from './package-json.ts';
import type { Position } from './package-index.ts';
import { STATUSES } from './packages.ts';
import type { Package } from './packages.ts';
import { gatewayError, Refused, tooManyRequests } from './refusals.ts';
import { badRequest, Query } from './request.ts';
import type { Request, Route } from './request.ts';

const DAY_MS = 86_400_000;
const WINDOW_MS = 14 * DAY_MS;
const V2_HISTORY_MS = 30 * DAY_MS;
const STREAM_HISTORY_MS = 90 * DAY_MS;
const V2_DEFAULT_WINDOW_MS = 7 * DAY_MS;
const MAX_PACKAGES = 10_000;
const MAX_CURSORS = 10_000;
const FUTURE_MS = 8_640_000_000_000;

interface Cursor {
  sellerId: number;
  storeFront: string;
  /** The filters as they were given, to be given again. */
  given: Record<string, string | undefined>;
  from: number;
  to: number;
  below: Position;
}

const FILTERS = ['packageItemStatuses', 'lastModifiedStartDate', 'lastModifiedEndDate'] as const;

/** The order services; the cursors given out live as long as they do. */
export function orderRoutes(): Route[] {
  const cursors = new Map<string, Cursor>();
  return [
    { method: 'GET', pattern: '/order/sellers/{s}/orders/stream', group: 'orders', run: (request) => stream(request, cursors) },
    { method: 'GET', pattern: '/order/sellers/{s}/v2/orders', group: 'orders', run: listV2 },
    { method: 'GET', pattern: '/order/sellers/{s}/orders', group: 'orders', run: closedV1 },
  ];
}

function stream(request: Request, cursors: Map<string, Cursor>): Answer {
  const { market, front } = request;
  const query: Query = new Query(request, 'order');
  const size = query.integer('size', 1, 200, 50);
  const statuses = statusFilter(query, 'packageItemStatuses');
  const now = market.frame.clock.now();
  const token = query.text('nextCursor');
  const given = Object.fromEntries(FILTERS.map((name) => [name, query.text(name)]));

  let cursor: Cursor | undefined;
  if (token !== undefined) {
    cursor = cursors.get(token);
    if (!cursor || cursor.sellerId !== front.seller.sellerId || cursor.storeFront !== front.facts.code) query.refuse('nextCursor', 'is not known');
    const { given: first } = cursor;
    const mayOmit = market.switches.cursorFilters === 'omit';
    const changed = FILTERS.find((name) => given[name] !== first[name] && !(mayOmit && given[name] === undefined));
    if (changed) query.refuse(changed, 'must not be changed while a cursor is used');
  }
  const [from, to] = cursor ? [cursor.from, cursor.to] : range(request, query, 'lastModifiedStartDate', 'lastModifiedEndDate', WINDOW_MS);
  const filter = cursor ? statusSet(cursor.given.packageItemStatuses) : statuses;

  const found: Package[] = [];
  let hasMore = false;
  for (const parcel of front.packages.newest(Math.max(from, now - STREAM_HISTORY_MS), to, cursor?.below)) {
    if (filter && !filter.has(parcel.status)) continue;
    if (found.length === size) {
      hasMore = true;
      break;
    }
    found.push(parcel);
  }
  const last = found.at(-1);
  let nextCursor: string | null = null;
  if (hasMore && last) {
    nextCursor = market.frame.random(`trendyol/cursor/${cursors.size}/${last.id}/${last.lastModified}/${now}`).uuid();
    const below = { at: last.lastModified, id: last.id };
    cursors.set(nextCursor, { sellerId: front.seller.sellerId, storeFront: front.facts.code, given: cursor?.given ?? given, from, to, below });
    const oldest = cursors.size > MAX_CURSORS ? cursors.keys().next().value : undefined;
    if (oldest !== undefined) cursors.delete(oldest);
  }
  const content = found.map((parcel) => packageJson(market, parcel, market.switches.streamIdField));
  return { status: 200, body: { hasMore, nextCursor, size, content } };
}

function listV2(request: Request): Answer {
  const { market, front, seller } = request;
  const query = new Query(request, 'order');
  const page = query.integer('page', 0, 1_000_000_000, 0);
  const size = query.integer('size', 1, 200, 50);
  const statuses = statusFilter(query, 'status');
  const ids = query.numbers('shipmentPackageIds', 50);
  const orderNumber = query.text('orderNumber');
  const field = query.oneOf('orderByField', ['PackageLastModifiedDate', 'CreatedDate']);
  const direction = query.oneOf('orderByDirection', ['ASC', 'DESC']) ?? 'DESC';
  const now = market.frame.clock.now();
  const isDated = query.text('startDate') !== undefined || query.text('endDate') !== undefined;
  // A look-up by number or id without dates reaches all that is kept.
  const isLookUp = (ids !== undefined || orderNumber !== undefined) && !isDated;
  const [from, to] = isLookUp ? [0, FUTURE_MS] : range(request, query, 'startDate', 'endDate', V2_DEFAULT_WINDOW_MS);
  if ((page + 1) * size > MAX_PACKAGES) throw new Refused(tooManyRequests());

  const byCreation = market.switches.v2DateField === 'created' || (market.switches.v2DateField === 'byOrderField' && field === 'CreatedDate');
  const moment = (parcel: Package): number => (byCreation ? parcel.orderedAt : parcel.lastModified);
  const source =
    orderNumber !== undefined ? (seller.orders.get(orderNumber) ?? []) : byCreation ? front.packages.newest(0, FUTURE_MS) : front.packages.newest(from, to);
  const found: Package[] = [];
  for (const parcel of source) {
    if (parcel.front !== front || parcel.lastModified < now - V2_HISTORY_MS) continue;
    if (moment(parcel) < from || moment(parcel) > to) continue;
    if (statuses && !statuses.has(parcel.status)) continue;
    if (ids && !ids.has(parcel.id)) continue;
    found.push(parcel);
  }
  const key = field === 'CreatedDate' ? (parcel: Package) => parcel.orderedAt : (parcel: Package) => parcel.lastModified;
  found.sort((a, b) => key(b) - key(a) || b.id - a.id);
  if (direction === 'ASC') found.reverse();
  const content = found.slice(page * size, (page + 1) * size).map((parcel) => packageJson(market, parcel));
  return { status: 200, body: { totalElements: found.length, totalPages: Math.ceil(found.length / size), page, size, content } };
}

function closedV1(request: Request): Answer {
  const { clock } = request.market.frame;
  if (request.market.switches.v1Orders === '404')
    return gatewayError(404, clock.now(), 'SellerIntegrationApiDomainNotFoundException', 'not.found', 'This service is closed');
  return gatewayError(426, clock.now(), 'TrendyolSystemException', 'upgrade.required', 'This service is closed. Please use /v2/orders');
}

function statusFilter(query: Query, name: string): ReadonlySet<string> | undefined {
  const unknown = query.list(name, 20)?.find((status) => !STATUSES.has(status));
  if (unknown !== undefined) query.refuse(name, `does not know ${unknown}`);
  return statusSet(query.list(name, 20)?.join(','));
}

const statusSet = (given: string | undefined): ReadonlySet<string> | undefined =>
  given === undefined ? undefined : new Set(given.split(',').map((each) => each.trim()));

/** The window asked for, both ends included. One end alone makes a window of 14 days. */
function range(request: Request, query: Query, startName: string, endName: string, defaultMs: number): [number, number] {
  const now = request.market.frame.clock.now();
  const start = query.moment(startName);
  const end = query.moment(endName);
  if (start === undefined && end === undefined) return [now - defaultMs, now];
  if (start === undefined) return [(end ?? now) - WINDOW_MS, end ?? now];
  if (end === undefined) return [start, start + WINDOW_MS];
  if (start > end) query.refuse(startName, `must not be after ${endName}`);
  if (end - start <= WINDOW_MS) return [start, end];
  if (request.market.switches.windowTooLong === 'clamp') return [end - WINDOW_MS, end];
  throw badRequest(request, 'order', 'invalid.date.range', 'The date range must not be longer than 14 days');
}
