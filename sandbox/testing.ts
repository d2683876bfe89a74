import { startSandbox } from './index.ts';
import type { Sandbox, SandboxOptions } from './index.ts';

/** What tests read of a row, whichever answer it stands in. */
export interface Row {
  [other: string]: unknown;
  id: number;
  shipmentPackageId: number;
  orderNumber: string;
  status: string;
  lastModifiedDate: number;
  barcode: string;
  quantity: number;
  contentId: number;
  fault: string | undefined;
  key: string;
  used: number;
  responseBytes: number;
  failureReasons: string[];
  requestItem: Record<string, unknown>;
  discountDetails: { lineItemPrice: number; lineItemSellerDiscount: number; lineItemTyDiscount: number }[];
  lines: Row[];
  variants: Row[];
}

/** What tests read of an answer; each has some of these. */
export interface Body {
  [other: string]: unknown;
  error: string;
  exception: string;
  errors: { key: string; message: string; errorCode: string }[];
  now: number;
  offsetMs: number;
  id: number;
  total: number;
  totalElements: number;
  hasMore: boolean;
  nextCursor: string | null;
  nextPageToken: string | null;
  batchRequestId: string;
  content: Row[];
  items: Row[];
  entries: Row[];
  buckets: Row[];
  packages: Row[];
  successors: Row[];
  package: Row;
}

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed body; empty when it is not JSON. */
  json: Body;
}

/** A running sandbox and short ways to talk to it, for tests. */
export interface Bench {
  sandbox: Sandbox;
  control: (method: string, path: string, body?: unknown) => Promise<Reply>;
  /** A control call that must succeed; gives its body. */
  set: (method: string, path: string, body?: unknown) => Promise<Body>;
  /** A Trendyol call as the seller; header values of `undefined` are left out. */
  trendyol: (method: string, path: string, options?: { body?: unknown; headers?: Record<string, string | undefined>; signal?: AbortSignal }) => Promise<Reply>;
  advance: (ms: number) => Promise<void>;
  /** What the platform truly has. */
  quantityOf: (barcode: string, storeFront?: string) => Promise<number>;
}

export const SELLER = 123456;
export const START = 1_794_303_005_000;

const SELLER_ROW = { sellerId: SELLER, apiKey: 'key', apiSecret: 's3cret:x', storeFronts: ['RO', 'DE'] };

/** A sandbox with one seller, on a clock that stands still. */
export async function openBench(options: SandboxOptions & { seller?: Record<string, unknown>; running?: boolean } = {}): Promise<Bench> {
  const { seller, running, ...rest } = options;
  const sandbox = await startSandbox({ quotas: false, ...rest });
  const send = async (url: string, init: RequestInit): Promise<Reply> => {
    const response = await fetch(url, init);
    const text = await response.text();
    let json: unknown = {};
    try {
      json = JSON.parse(text);
    } catch {
      // Half a JSON or a page: the tests look at the text.
    }
    return { status: response.status, headers: response.headers, text, json: json as Body };
  };
  const control: Bench['control'] = (method, path, body) =>
    send(`${sandbox.url}/__sandbox${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const set: Bench['set'] = async (method, path, body) => {
    const reply = await control(method, path, body);
    if (reply.status !== 200) throw new Error(`${method} ${path} gave ${reply.status}: ${reply.text}`);
    return reply.json;
  };
  const bench: Bench = {
    sandbox,
    control,
    set,
    trendyol: (method, path, { body, headers = {}, signal } = {}) => {
      const all: Record<string, string | undefined> = {
        'user-agent': `${SELLER} - Karavan`,
        authorization: `Basic ${Buffer.from(`${SELLER_ROW.apiKey}:${SELLER_ROW.apiSecret}`).toString('base64')}`,
        storefrontcode: 'RO',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      };
      const sent = Object.fromEntries(Object.entries(all).filter((each): each is [string, string] => each[1] !== undefined));
      const text = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
      return send(`${sandbox.url}/trendyol/integration${path}`, { method, headers: sent, ...text, ...(signal ? { signal } : {}) });
    },
    advance: async (ms) => void (await set('POST', '/clock', { advanceMs: ms })),
    quantityOf: async (barcode, storeFront = 'RO') => {
      const { items } = await set('GET', `/world?sellerId=${SELLER}&what=products&storeFront=${storeFront}&barcode=${barcode}`);
      return items[0]?.quantity ?? NaN;
    },
  };
  if (!running) await set('POST', '/clock', { frozen: true, set: START });
  await set('POST', '/world', { trendyol: { sellers: [{ ...SELLER_ROW, ...seller }] } });
  return bench;
}

/** A product row with what does not matter filled in. */
export function product(barcode: string, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    sellerId: SELLER,
    storeFront: 'RO',
    barcode,
    stockCode: `SKU-${barcode}`,
    title: `Product ${barcode}`,
    salePrice: 99.9,
    listPrice: 129.9,
    quantity: 10,
    ...fields,
  };
}

export const addProducts = (bench: Bench, ...products: Record<string, unknown>[]): Promise<Body> => bench.set('POST', '/world', { trendyol: { products } });

/** One order of the given lines; gives its package id and order number. */
export async function order(bench: Bench, lines: [barcode: string, quantity: number][], fields: Record<string, unknown> = {}): Promise<Row> {
  const body = { sellerId: SELLER, storeFront: 'RO', lines: lines.map(([barcode, quantity]) => ({ barcode, quantity })), ...fields };
  const { packages } = await bench.set('POST', '/world/orders', { trendyol: body });
  const [made] = packages;
  if (!made) throw new Error('no order was made');
  return made;
}
