import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ConnectorError } from './errors.ts';
import { createHttpClient, type Exchange, type HttpClient, type HttpClientOptions, parseJson, retryAfter } from './http-client.ts';
import type { Quota } from './quota.ts';

type Reply = (request: IncomingMessage, response: ServerResponse, body: string) => void;

let baseUrl: string;
let replies: Reply[] = [];
let seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on('end', () => {
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    reply?.(request, response, body);
  });
});
const clients: HttpClient[] = [];

const json =
  (value: unknown, status = 200, headers: Record<string, string> = {}): Reply =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
  };
const raw =
  (text: string, status = 200): Reply =>
  (_request, response) =>
    void response.writeHead(status).end(text);
const silence: Reply = () => undefined;
const hangUp: Reply = (request) => void request.socket.destroy();

function client(options: Partial<HttpClientOptions> = {}): HttpClient {
  const made = createHttpClient({ baseUrl, account: 'shop', now: () => new Date(), ...options });
  clients.push(made);
  return made;
}
const failureOf = async (work: Promise<unknown>): Promise<ConnectorError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConnectorError);
  return error as ConnectorError;
};

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`;
});
beforeEach(() => {
  seen = [];
});
afterAll(async () => {
  await Promise.all(clients.map((each) => each.close()));
  server.closeAllConnections();
  server.close();
});

describe('what is sent and handed back', () => {
  test('base address, query, headers and body arrive as given', async () => {
    replies = [json({ ok: true })];
    const answer = await client({ headers: { 'X-Store': 'RO' } }).request({
      method: 'POST',
      path: '/things',
      query: { page: 0, all: true, none: undefined, text: 'a b&c' },
      headers: { Authorization: 'Basic abc' },
      json: { a: 1 },
    });
    expect(answer).toMatchObject({ status: 200, body: { ok: true } });
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/base/things?page=0&all=true&text=a+b%26c', body: '{"a":1}' });
    expect(seen[0]?.headers).toMatchObject({ 'x-store': 'RO', authorization: 'Basic abc', 'content-type': 'application/json' });
  });

  test('refusals below 500 are left to the platform’s client', async () => {
    replies = [json({ errors: [{ key: 'no' }] }, 404)];
    expect(await client().request({ method: 'GET', path: '/x' })).toMatchObject({ status: 404, body: { errors: [{ key: 'no' }] } });
    replies = [raw('<html>blocked</html>', 403)];
    expect(await client().request({ method: 'GET', path: '/x' })).toMatchObject({ status: 403, body: undefined, text: '<html>blocked</html>' });
  });

  test('an empty success is fine where none is expected', async () => {
    replies = [raw('')];
    expect(await client().request({ method: 'PUT', path: '/x', expect: 'any' })).toMatchObject({ status: 200, body: undefined });
  });
});

describe('trouble on the way', () => {
  test('a read is tried again after a server error and after a broken connection', async () => {
    replies = [json({}, 502), hangUp, json({ fine: 1 })];
    expect(await client().request({ method: 'GET', path: '/x' })).toMatchObject({ body: { fine: 1 } });
    expect(seen).toHaveLength(3);
  });

  test('a read that keeps failing ends as unavailable after four tries', async () => {
    replies = [json({}, 500)];
    expect(await failureOf(client().request({ method: 'GET', path: '/x' }))).toMatchObject({ kind: 'unavailable', inDoubt: false, code: '500' });
    expect(seen).toHaveLength(4);
  });

  test.each([
    ['a server error', json({}, 500), 'unavailable'],
    ['a broken connection', hangUp, 'unavailable'],
    ['silence', silence, 'unavailable'],
    ['half a JSON', raw('{"batchRequest'), 'bad_response'],
    ['nothing', raw(''), 'bad_response'],
    ['a redirect', raw('', 302), 'bad_response'],
  ])('a write answered with %s is in doubt and never sent twice', async (_what, reply, kind) => {
    replies = [reply];
    const error = await failureOf(client({ timeoutMs: 300 }).request({ method: 'POST', path: '/x', json: {} }));
    expect(error).toMatchObject({ kind, inDoubt: true });
    expect(seen).toHaveLength(1);
  });

  test('a write that never left is not in doubt', async () => {
    const error = await failureOf(client({ baseUrl: 'http://127.0.0.1:1' }).request({ method: 'POST', path: '/x', json: {} }));
    expect(error).toMatchObject({ kind: 'unavailable', inDoubt: false });
  });

  test('an answer larger than allowed is cut off', async () => {
    replies = [raw(JSON.stringify('x'.repeat(5000)))];
    expect(await failureOf(client({ maxAnswerBytes: 1000 }).request({ method: 'GET', path: '/x' }))).toMatchObject({ kind: 'bad_response' });
  });

  test('stopping ends a request at once', async () => {
    replies = [silence];
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const startedAt = performance.now();
    expect(await failureOf(client({ signal: stop.signal }).request({ method: 'GET', path: '/x' }))).toMatchObject({ kind: 'unavailable', code: 'stopped' });
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(seen).toHaveLength(1);
  });
});

describe('being throttled', () => {
  const blocked: { keys: readonly string[]; until: Date }[] = [];
  const leased: string[] = [];
  const quota: Quota = {
    lease: async (buckets) => void leased.push(buckets.map((bucket) => bucket.key).join()),
    block: async (keys, until) => void blocked.push({ keys, until }),
    usage: async () => [],
  };

  test('a short Retry-After is waited for, a write too, and the group is blocked for all', async () => {
    replies = [json({}, 429, { 'retry-after': '1' }), json({ done: 1 })];
    const startedAt = performance.now();
    const throttled = client({
      quota,
      rules: [
        { group: 'write', limit: 5, windowMs: 1000 },
        { group: 'all', limit: 50, windowMs: 10_000 },
        { group: 'other', limit: 1, windowMs: 1 },
      ],
    });
    expect(await throttled.request({ method: 'POST', path: '/x', json: {}, group: ['write', 'all'] })).toMatchObject({ body: { done: 1 } });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);
    expect(leased).toEqual(['shop write 1000,shop all 10000', 'shop write 1000,shop all 10000']);
    expect(blocked[0]?.keys).toEqual(['shop write 1000', 'shop all 10000']);
  });

  test('a long one is thrown with the time to come back', async () => {
    replies = [json({}, 429, { 'retry-after': '120' })];
    const error = await failureOf(client().request({ method: 'GET', path: '/x' }));
    expect(error.kind).toBe('rate_limited');
    expect(error.retryAt!.getTime() - Date.now()).toBeGreaterThan(115_000);
    expect(seen).toHaveLength(1);
  });

  test('without Retry-After the pauses double', async () => {
    replies = [json({}, 429)];
    const pauses: number[] = [];
    const watching: Quota = { ...quota, block: async (_keys, until) => void pauses.push(Math.round((until.getTime() - Date.now()) / 1000)) };
    const impatient = client({ quota: watching, maxWaitMs: 500, rules: [{ group: 'all', limit: 50, windowMs: 10_000 }] });
    for (let i = 0; i < 8; i++) await failureOf(impatient.request({ method: 'GET', path: '/x', group: 'all' }));
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  test('an answer the caller accepts is not a refusal', async () => {
    replies = [raw('same again', 429)];
    expect(await client().request({ method: 'POST', path: '/x', accept: (answer) => answer.text.includes('same') })).toMatchObject({ status: 429 });
  });
});

test('secrets are in no log and in no refusal', async () => {
  const exchanges: Exchange[] = [];
  const basic = Buffer.from('my-key-1:my-secret-1').toString('base64');
  replies = [(request, response) => void response.writeHead(400).end(JSON.stringify({ echo: request.headers.authorization, key: 'my-secret-1' }))];
  const answer = await client({ onExchange: (exchange) => exchanges.push(exchange) }).request({
    method: 'GET',
    path: '/x',
    query: { access_token: 'tok-123456' },
    headers: { Authorization: `Basic ${basic}`, 'X-Api-Key': 'key-123456' },
  });
  const kept = JSON.stringify([exchanges, answer]);
  for (const secret of [basic, 'my-secret-1', 'my-key-1', 'tok-123456', 'key-123456']) expect(kept).not.toContain(secret);
  expect(exchanges[0]).toMatchObject({ method: 'GET', path: '/base/x', status: 400, attempt: 1 });
});

describe('JSON of platforms', () => {
  test('whole numbers beyond 2^53 keep every digit; others stay numbers', () => {
    expect(parseJson('{"a":72800999000012345678,"b":9007199254740991,"c":-9007199254740993,"d":0.1234567890123456789,"e":"12345678901234567890"}')).toEqual({
      a: '72800999000012345678',
      b: 9007199254740991,
      c: '-9007199254740993',
      d: 0.12345678901234568,
      e: '12345678901234567890',
    });
  });

  test('text PostgreSQL would refuse is cleaned', () => {
    expect(parseJson('{"na\\u0000me":"a\\u0000b","half":["\\ud83d x"]}')).toEqual({ name: 'ab', half: ['\uFFFD x'] });
    expect(parseJson('"\\ud83d\\ude00"')).toBe('😀');
  });

  test('half a JSON is not JSON', () => expect(parseJson('{"a":')).toBeUndefined());

  test.each([
    ['3', 3000],
    ['0', 0],
    ['-5', 0],
    ['9999999', 86_400_000],
    [new Date(1_700_000_060_000).toUTCString(), 60_000],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('Retry-After %s', (value, wait) => {
    const now = new Date(1_700_000_000_000);
    const at = retryAfter(value, now);
    expect(at === undefined ? undefined : at.getTime() - now.getTime()).toBe(wait);
  });
});
