import type { Answer, Call } from '../platform.ts';
import type { Front, Market, Seller } from './market.ts';
import { gatewayError, productError, Refused } from './refusals.ts';

/** A call that passed the gate, as a route sees it. */
export interface Request {
  market: Market;
  seller: Seller;
  front: Front;
  call: Call;
  /** Parts of the path, `{barcode}` and the like, decoded. */
  params: Record<string, string>;
  /** `ro`, `tr` … for messages. */
  language: string;
  silentDrop: boolean;
}

export interface Route {
  method: string;
  /** `/order/sellers/{s}/orders/stream`. */
  pattern: string;
  /** Which per-minute limit it counts against. */
  group: 'orders' | 'productRead' | 'batchRead' | 'inventory';
  run(request: Request): Answer;
}

export type Family = 'order' | 'product';

/** Turkish where the platform always answers Turkish, else English. */
export const say = (request: Request, english: string, turkish: string): string => (request.language === 'tr' ? turkish : english);

/** A 400 in the envelope of the service asked. */
export function badRequest(request: Request, family: Family, key: string, message: string): Refused {
  if (family === 'product') return new Refused(productError(400, key, message));
  if (request.market.switches.orderErrorEnvelope === 'openapi') return new Refused({ status: 400, body: { error: 'Bad Request', message } });
  return new Refused(gatewayError(400, request.market.frame.clock.now(), 'SellerIntegrationApiBadRequestException', key, message));
}

/** Reads query values; whatever does not fit is the platform's 400. */
export class Query {
  private readonly request: Request;
  private readonly family: Family;

  constructor(request: Request, family: Family) {
    this.request = request;
    this.family = family;
  }

  text(name: string): string | undefined {
    const value = this.request.call.query.get(name)?.trim();
    return value === '' ? undefined : value;
  }

  refuse(name: string, problem: string): never {
    throw badRequest(this.request, this.family, `invalid.parameter.${name}`, `${name} ${problem}`);
  }

  integer(name: string, min: number, max: number): number | undefined;
  integer(name: string, min: number, max: number, fallback: number): number;
  integer(name: string, min: number, max: number, fallback?: number): number | undefined {
    const given = this.text(name);
    if (given === undefined) return fallback;
    const value = Number(given);
    if (!/^-?\d{1,16}$/.test(given) || value < min || value > max) this.refuse(name, `must be a whole number from ${min} to ${max}`);
    return value;
  }

  /** A moment in epoch milliseconds. */
  moment(name: string): number | undefined {
    return this.integer(name, 0, 9_999_999_999_999);
  }

  oneOf<const T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!(allowed as readonly string[]).includes(value)) this.refuse(name, `must be one of ${allowed.join(', ')}`);
    return value as T;
  }

  /** A comma list (or the name repeated). */
  list(name: string, maxItems: number): string[] | undefined {
    const values = this.request.call.query.getAll(name).flatMap((each) => each.split(','));
    const items = values.map((each) => each.trim()).filter((each) => each !== '');
    if (items.length === 0) return undefined;
    if (items.length > maxItems) this.refuse(name, `may hold at most ${maxItems} values`);
    return items;
  }

  numbers(name: string, maxItems: number): Set<number> | undefined {
    const items = this.list(name, maxItems);
    if (items?.some((each) => !/^\d{1,15}$/.test(each))) this.refuse(name, 'must hold whole numbers');
    return items && new Set(items.map(Number));
  }
}
