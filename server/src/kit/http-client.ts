import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, type Dispatcher } from 'undici';
import { ConnectorError } from './errors.ts';
import { bucketKey, type Bucket, type Quota } from './quota.ts';

export interface HttpAnswer {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** Parsed JSON, undefined when there is none. Whole numbers beyond 2^53 are strings; text is free of NUL and half characters. */
  body: unknown;
  text: string;
}

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Appended to the base address; whatever comes from data is encoded by the caller. */
  path: string;
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  headers?: Readonly<Record<string, string>>;
  json?: unknown;
  /** Groups whose limits this call counts against. */
  group?: string | readonly string[];
  /** May change something there. Default: everything but GET. */
  write?: boolean;
  /** `json` (default): a success without readable JSON is a `bad_response`. `any`: the caller looks itself. */
  expect?: 'json' | 'any';
  /** Answers that are handed back as they are, whatever their status: a platform's odd way to say something sensible. */
  accept?: (answer: HttpAnswer) => boolean;
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** One try at one request, for logs: secrets are gone. */
export interface Exchange {
  method: string;
  path: string;
  query: string;
  headers: Readonly<Record<string, string>>;
  attempt: number;
  ms: number;
  /** Undefined when no answer came. */
  status: number | undefined;
  bytes: number;
  error: string | undefined;
}

/**
 * Outbound HTTP to one account of one platform. Hands back every answer below 500 except 429; everything else is a ConnectorError:
 * `unavailable` (no connection, time-out, 5xx), `bad_response` (a success that cannot be read, a redirect), `rate_limited` (429 or quota).
 * `inDoubt` marks writes that may have been applied. Reads are tried again a few times; writes only when refused with 429.
 */
export interface HttpClient {
  request(request: HttpRequest): Promise<HttpAnswer>;
  /** Drops open connections. */
  close(): Promise<void>;
}

export interface HttpClientOptions {
  baseUrl: string;
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>>;
  quota?: Quota;
  /** What the platform counts requests of; part of the quota's keys. */
  account: string;
  rules?: readonly { group: string; limit: number; windowMs: number }[];
  now: () => Date;
  /** For one try, from connecting to the last byte. Default 30 s. */
  timeoutMs?: number;
  connectTimeoutMs?: number;
  /** Longest wait for quota, for a 429 to pass, and for all tries of a read together. Default 15 s. */
  maxWaitMs?: number;
  /** Open connections at the same time. Default 8. */
  connections?: number;
  /** Default 32 MiB. */
  maxAnswerBytes?: number;
  /** Ends all requests and waits, for a quick shutdown. */
  signal?: AbortSignal;
  onExchange?: (exchange: Exchange) => void;
}

const MAX_TRIES = 4;
const SECRET_NAME = /authorization|cookie|token|secret|password|signature|api-?key|^sign$|hmac/i;
/** Failures before anything was sent: not even a write can have been applied. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
]);

const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown }).code ?? (error as { cause?: { code?: unknown } }).cause?.code;
  return typeof code === 'string' ? code : (error as Error).name;
};

/** The only place that speaks HTTP to the outside. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { quota, account, rules = [], now, timeoutMs = 30_000, maxWaitMs = 15_000, maxAnswerBytes = 32 << 20, onExchange } = options;
  const base = options.baseUrl.replace(/\/+$/, '');
  const host = new URL(base).host;
  const agent = new Agent({
    connections: options.connections ?? 8,
    pipelining: 1,
    keepAliveTimeout: 10_000,
    connect: { timeout: options.connectTimeoutMs ?? 10_000 },
  });
  /** 429s in a row per bucket, for platforms that do not say when to come back. */
  const refusals = new Map<string, number>();

  const bucketsOf = (group: HttpRequest['group']): Bucket[] => {
    const groups = typeof group === 'string' ? [group] : (group ?? []);
    return rules.filter((rule) => groups.includes(rule.group)).map((rule) => ({ key: bucketKey(account, rule), limit: rule.limit, windowMs: rule.windowMs }));
  };

  async function exchange(request: HttpRequest, url: URL, headers: Record<string, string>, attempt: number): Promise<HttpAnswer> {
    const secrets = secretsOf(headers);
    const startedAt = performance.now();
    const limit = AbortSignal.timeout(request.timeoutMs ?? timeoutMs);
    const signal = AbortSignal.any([limit, options.signal, request.signal].filter((each) => each !== undefined));
    const write = request.write ?? request.method !== 'GET';
    let status: number | undefined;
    let bytes = 0;
    let failure: string | undefined;
    try {
      const answer: Dispatcher.ResponseData = await agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers,
        ...(request.json === undefined ? {} : { body: JSON.stringify(request.json) }),
        signal,
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      status = answer.statusCode;
      const chunks: Buffer[] = [];
      for await (const chunk of answer.body as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > maxAnswerBytes) throw new ConnectorError('bad_response', `${host} answered with more than ${maxAnswerBytes} bytes.`, { inDoubt: write });
        chunks.push(chunk);
      }
      const body = Buffer.concat(chunks)
        .toString('utf8')
        .replace(/^\uFEFF/, '');
      // Refusals end up in errors and logs, and some gateways echo what they were sent.
      const text = status < 400 ? body : scrub(body, secrets);
      return { status, headers: plainHeaders(answer.headers), body: parseJson(text), text };
    } catch (error) {
      if (error instanceof ConnectorError) throw error;
      const code = codeOf(error);
      const stopped = options.signal?.aborted === true || request.signal?.aborted === true;
      failure = stopped ? 'stopped' : limit.aborted ? 'timed out' : code;
      const message = stopped
        ? `The request to ${host} was stopped.`
        : limit.aborted
          ? `${host} did not answer within ${Math.round((request.timeoutMs ?? timeoutMs) / 1000)} seconds.`
          : `${host} could not be reached (${code}).`;
      throw new ConnectorError('unavailable', message, { inDoubt: write && !NOT_SENT.has(code), code: failure, cause: error });
    } finally {
      onExchange?.({
        method: request.method,
        path: url.pathname,
        query: hideQuery(url),
        headers: hideHeaders(headers),
        attempt,
        ms: Math.round(performance.now() - startedAt),
        status,
        bytes,
        error: failure,
      });
    }
  }

  /** What an answer means for everybody: the platform's own refusals below 500 are left to its client. */
  function judge(request: HttpRequest, answer: HttpAnswer): ConnectorError | undefined {
    const inDoubt = request.write ?? request.method !== 'GET';
    if (request.accept?.(answer) === true) return undefined;
    if (answer.status >= 500) {
      const retryAt = retryAfter(answer.headers['retry-after'], now());
      return new ConnectorError('unavailable', `${host} has a problem of its own (HTTP ${answer.status}).`, {
        inDoubt,
        code: String(answer.status),
        ...(retryAt === undefined ? {} : { retryAt }),
      });
    }
    if (answer.status >= 300 && answer.status < 400) {
      return new ConnectorError(
        'bad_response',
        `${host} sent us to another address (HTTP ${answer.status}); check the address this store is connected through.`,
        { inDoubt, code: String(answer.status) },
      );
    }
    if (answer.status < 300 && request.expect !== 'any' && answer.body === undefined) {
      const what = answer.text.trim() === '' ? 'without any content' : 'with something that is not complete JSON';
      return new ConnectorError('bad_response', `${host} answered ${what}.`, { inDoubt, code: String(answer.status) });
    }
    return undefined;
  }

  async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const signals = [options.signal, signal].filter((each) => each !== undefined);
    await sleep(ms, undefined, signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }).catch((error: unknown) => {
      throw new ConnectorError('unavailable', `Stopped before ${host} was asked again.`, { cause: error });
    });
  }

  return {
    async request(request) {
      const url = new URL(base + request.path);
      if (url.host !== host) throw new Error(`A request must stay on ${host}.`);
      for (const [name, value] of Object.entries(request.query ?? {})) if (value !== undefined) url.searchParams.set(name, String(value));
      const headers: Record<string, string> = { accept: 'application/json' };
      for (const [name, value] of Object.entries({ ...options.headers, ...request.headers })) headers[name.toLowerCase()] = value;
      if (request.json !== undefined) headers['content-type'] = 'application/json';
      const write = request.write ?? request.method !== 'GET';
      const buckets = bucketsOf(request.group);
      const keys = buckets.map((bucket) => bucket.key);
      const refusalKey = keys.join() || '-';
      const giveUpAt = performance.now() + maxWaitMs;

      for (let attempt = 1; ; attempt++) {
        const left = Math.max(0, giveUpAt - performance.now());
        const signals = [options.signal, request.signal].filter((each) => each !== undefined);
        await quota?.lease(buckets, { maxWaitMs: left, signal: signals.length === 0 ? undefined : AbortSignal.any(signals) });
        let problem: ConnectorError | undefined;
        let answer: HttpAnswer | undefined;
        try {
          answer = await exchange(request, url, headers, attempt);
        } catch (error) {
          if (!(error instanceof ConnectorError)) throw error;
          problem = error;
        }
        if (answer?.status === 429 && request.accept?.(answer) !== true) {
          const times = (refusals.get(refusalKey) ?? 0) + 1;
          refusals.set(refusalKey, times);
          const retryAt = retryAfter(answer.headers['retry-after'], now()) ?? new Date(now().getTime() + Math.min(60_000, 1000 * 2 ** (times - 1)));
          await quota?.block(keys, retryAt);
          const waitMs = Math.max(0, retryAt.getTime() - now().getTime());
          if (attempt >= MAX_TRIES || waitMs > giveUpAt - performance.now()) {
            throw new ConnectorError('rate_limited', `${host} is asked too often; this continues by itself.`, { retryAt, code: '429' });
          }
          await pause(waitMs, request.signal);
          continue;
        }
        if (answer !== undefined) {
          refusals.delete(refusalKey);
          problem = judge(request, answer);
          if (problem === undefined) return answer;
        }
        if (problem === undefined) continue;
        // Full jitter, doubling from a quarter of a second; a platform that names a time is believed.
        const delay = problem.retryAt === undefined ? 250 * 2 ** (attempt - 1) * (0.5 + Math.random() / 2) : problem.retryAt.getTime() - now().getTime();
        const again = !write && problem.kind === 'unavailable' && problem.code !== 'stopped' && attempt < MAX_TRIES && performance.now() + delay < giveUpAt;
        if (!again) throw problem;
        await pause(Math.max(0, delay), request.signal);
      }
    },
    close: () => agent.destroy(),
  };
}

function plainHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(', ') : (value ?? '')]));
}

/** Seconds or an HTTP date; undefined when absent or nonsense. Never more than a day. */
export function retryAfter(value: string | undefined, now: Date): Date | undefined {
  if (value === undefined || value.trim() === '') return undefined;
  const seconds = Number(value);
  const at = Number.isFinite(seconds) ? now.getTime() + seconds * 1000 : Date.parse(value);
  if (Number.isNaN(at)) return undefined;
  return new Date(Math.min(Math.max(at, now.getTime()), now.getTime() + 86_400_000));
}

/**
 * JSON as platforms send it, made safe to keep: a whole number that a double cannot hold becomes its digits as a string;
 * NUL and lone surrogates, which PostgreSQL refuses, are taken out. Undefined when it is not JSON.
 */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = /\d{16}/.test(text) ? JSON.parse(text, exactIntegers) : JSON.parse(text);
  } catch {
    return undefined;
  }
  return /\\u0000|\\u[dD][89a-fA-F]/.test(text) ? storable(value) : value;
}

function exactIntegers(_key: string, value: unknown, context?: { source: string }): unknown {
  const unsafe = typeof value === 'number' && context !== undefined && !Number.isSafeInteger(value) && /^-?\d+$/.test(context.source);
  return unsafe ? context.source : value;
}

function storable(value: unknown): unknown {
  const clean = (part: string): string => part.replaceAll('\u0000', '').toWellFormed();
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map(storable);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [clean(key), storable(part)]));
}

const hideHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, SECRET_NAME.test(name) ? '•••' : value]));

const hideQuery = (url: URL): string => {
  const shown = new URLSearchParams(url.searchParams);
  for (const name of shown.keys()) if (SECRET_NAME.test(name)) shown.set(name, '•••');
  return shown.toString();
};

/** Values that must not appear in anything we keep: secret headers, and the two halves of a Basic sign-in. */
function secretsOf(headers: Readonly<Record<string, string>>): string[] {
  const values = Object.entries(headers)
    .filter(([name]) => SECRET_NAME.test(name))
    .map(([, value]) => value.replace(/^(Basic|Bearer) /i, ''));
  const halves = values.flatMap((value) => Buffer.from(value, 'base64').toString('utf8').split(':', 2));
  return [...values, ...halves].filter((value) => value.length >= 6);
}

const scrub = (text: string, secrets: readonly string[]): string => secrets.reduce((clean, secret) => clean.replaceAll(secret, '•••'), text);
