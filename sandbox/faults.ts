import { ControlError } from './platform.ts';
import type { Random } from './random.ts';
import { check, integer, list, number, object, oneOf, optional, text } from './input.ts';

const KINDS = ['status', 'timeout', 'truncate', 'drop', 'empty', 'apply_then_fail', 'silent_drop', 'delay'] as const;

export interface Fault {
  id: number;
  platform: string;
  kind: (typeof KINDS)[number];
  match: { method?: string | undefined; path?: string | undefined };
  sellerId?: number | undefined;
  status?: number | undefined;
  headers?: Record<string, string> | undefined;
  body?: unknown;
  /** What follows an applied write (`apply_then_fail`): a status, no answer, or a closed connection. */
  then: 'status' | 'timeout' | 'drop';
  delayMs: number;
  /** How many more requests it will hit; -1 = until removed. */
  times: number;
  probability: number;
  /** How many matching requests still pass before it starts. */
  afterRequests: number;
  hits: number;
}

export interface Faults {
  add(input: unknown): Fault | Fault[];
  list(): Fault[];
  /** Removes one, or all without an id; says how many. */
  remove(id: number | undefined): number;
  /** The oldest fault that hits this request, counted as used. */
  take(request: { platform: string; method: string; path: string; sellerId: number | undefined }): Fault | undefined;
  reset(random: Random): void;
}

export function createFaults(platforms: readonly string[], seeded: Random): Faults {
  let random = seeded;
  let faults: Fault[] = [];
  let nextId = 1;
  return {
    add: (input) => {
      const made = (Array.isArray(input) ? list(input, 'faults') : [input]).map((each) => parse(each, platforms));
      for (const fault of made) fault.id = nextId++;
      faults.push(...made);
      return Array.isArray(input) ? made : made[0]!;
    },
    list: () => faults,
    remove: (id) => {
      const kept = id === undefined ? [] : faults.filter((fault) => fault.id !== id);
      const gone = faults.length - kept.length;
      faults = kept;
      return gone;
    },
    take: (request) => {
      for (const fault of faults) {
        if (!isMatch(fault, request)) continue;
        if (fault.afterRequests > 0) {
          fault.afterRequests--;
          continue;
        }
        if (fault.probability < 1 && !random.chance(fault.probability)) continue;
        fault.hits++;
        if (fault.times > 0 && --fault.times === 0) faults = faults.filter((each) => each !== fault);
        return fault;
      }
      return undefined;
    },
    reset: (fresh) => {
      random = fresh;
      faults = [];
      nextId = 1;
    },
  };
}

function isMatch(fault: Fault, request: { platform: string; method: string; path: string; sellerId: number | undefined }): boolean {
  const { method, path } = fault.match;
  if (fault.platform !== request.platform) return false;
  if (fault.sellerId !== undefined && fault.sellerId !== request.sellerId) return false;
  if (method !== undefined && method !== request.method) return false;
  return path === undefined || (path.includes('*') ? glob(path).test(request.path) : request.path.includes(path));
}

const glob = (pattern: string): RegExp => new RegExp(`${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);

function parse(input: unknown, platforms: readonly string[]): Fault {
  const given = object(input, 'fault');
  const match = optional(given.match, 'match', object) ?? {};
  const headers = optional(given.headers, 'headers', object);
  const status = optional(given.status, 'status', integer);
  check(status === undefined || (status >= 200 && status <= 599), 'status', 'a status from 200 to 599');
  const times = optional(given.times, 'times', integer) ?? 1;
  check(times === -1 || times > 0, 'times', '-1 or more than 0');
  const probability = optional(given.probability, 'probability', number) ?? 1;
  check(probability >= 0 && probability <= 1, 'probability', 'between 0 and 1');
  const platform = text(given.platform, 'platform');
  if (!platforms.includes(platform)) throw new ControlError(400, `platform: one of ${platforms.join(', ')}, not "${platform}"`);
  // Either place is accepted for the seller: beside `match` or in it.
  const sellerId = optional(given.sellerId ?? match.sellerId, 'sellerId', integer);
  return {
    id: 0,
    platform,
    kind: oneOf(given.kind, 'kind', KINDS),
    match: { method: optional(match.method, 'match.method', text)?.toUpperCase(), path: optional(match.path, 'match.path', text) },
    sellerId,
    status,
    headers: headers && Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body: given.body,
    // oxlint-disable-next-line unicorn/no-thenable -- a fault is data, never awaited
    then: optional(given.then, 'then', (value, name) => oneOf(value, name, ['status', 'timeout', 'drop'])) ?? 'status',
    delayMs: optional(given.delayMs, 'delayMs', integer) ?? 1000,
    times,
    probability,
    afterRequests: optional(given.afterRequests, 'afterRequests', integer) ?? 0,
    hits: 0,
  };
}
