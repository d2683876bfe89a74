import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { contract } from '../src/contract.ts';
import { rights } from '../src/modules/accounts/contract.ts';
import { openApiDocument } from '../src/openapi.ts';
import { testApp } from './app.ts';
import type { Answer, TestApp } from './app.ts';

/* Guards for the whole API, derived from its own description: whatever is thrown at it, it answers a clear 4xx and never a 500. */

interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  format?: string;
  const?: unknown;
}
interface Operation {
  method: string;
  path: string;
  operationId: string;
  parameters: { name: string; in: string; schema?: Schema }[];
  body: Schema | undefined;
}

let target: TestApp;
let operations: Operation[];
/** Ids of things that are really there, so that hostile bodies reach the code behind the look-up. */
let realIds: string[] = ['00000000-0000-7000-8000-000000000000'];

beforeAll(async () => {
  // Nothing listens there: the tests never reach a real platform.
  target = await testApp({ endpoints: { trendyol: 'http://127.0.0.1:9/trendyol' } });
  const create = async (path: string, body: unknown): Promise<string> => {
    const answer = await target.call<{ id: string }>('POST', path, body);
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    return answer.body.id;
  };
  const upload = await target.call<{ id: string }>('POST', '/api/products/import?filename=a.csv', 'SKU,Title,Price,Currency,Stock\nA-1,One,5.00,RON,3\n', {
    headers: { 'content-type': 'text/csv' },
  });
  await target.settle();
  const items = await target.call<{ items: { id: string }[] }>('GET', '/api/inventory');
  const changes = await target.call<{ items: { id: string }[] }>('GET', '/api/changes');
  realIds = [
    upload.body.id,
    ...items.body.items.map((item) => item.id),
    ...changes.body.items.map((change) => change.id),
    await create('/api/products', { sku: 'A-2', title: 'Two', price: { amount: '7.00', currency: 'RON' } }),
    await create('/api/categories', { name: 'Kitchen' }),
    await create('/api/companies', { name: 'Second', country: 'RO', currency: 'RON' }),
    await create('/api/views', { screen: 'products', name: 'Mine', query: {} }),
    await create('/api/trendyol/stores', { credentials: { sellerId: '1', apiKey: 'k', apiSecret: 's' } }),
  ];
  expect(realIds.length).toBeGreaterThan(8);
  const document = (await openApiDocument()) as {
    paths: Record<
      string,
      Record<string, { operationId: string; parameters?: Operation['parameters']; requestBody?: { content?: Record<string, { schema?: Schema }> } }>
    >;
  };
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({
      method: method.toUpperCase(),
      path,
      operationId: one.operationId,
      parameters: one.parameters ?? [],
      body: one.requestBody?.content?.['application/json']?.schema,
    })),
  );
});

/** Streams of events stay open on purpose; the rest answers once. */
const answersOnce = (operation: Operation): boolean => !operation.path.endsWith('/events');

const nasty = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    0,
    1e308,
    1.5,
    '',
    ' ',
    '\u0000',
    '\ud800',
    '0',
    'NaN',
    '../../etc/passwd',
    "' or 1=1 --",
    '<script>alert(1)</script>',
    '=cmd()',
    '{}',
    [],
    {},
    [[]],
    'é'.repeat(3000),
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer(),
  fc.constantFrom('00000000-0000-7000-8000-000000000000', '2026-02-30', '2026-11-22T25:61:00Z', '99999999999999999999', '12,50', '1e5', 'RON', '-5.00'),
);

/** A value of about the right shape whose leaves are now and then hostile. */
function valueFor(schema: Schema | undefined, depth = 0): fc.Arbitrary<unknown> {
  if (schema === undefined || depth > 5) return nasty;
  const choices = schema.anyOf ?? schema.oneOf;
  const plain: fc.Arbitrary<unknown> =
    choices !== undefined && choices.length > 0
      ? fc.oneof(...choices.map((one) => valueFor(one, depth + 1)))
      : schema.const !== undefined
        ? fc.constant(schema.const)
        : schema.enum !== undefined
          ? fc.constantFrom(...schema.enum)
          : schema.properties !== undefined
            ? fc.record(Object.fromEntries(Object.entries(schema.properties).map(([name, one]) => [name, valueFor(one, depth + 1)])), { requiredKeys: [] })
            : schema.type === 'array'
              ? fc.array(valueFor(schema.items, depth + 1), { maxLength: 3 })
              : schema.type === 'integer' || schema.type === 'number'
                ? fc.oneof(fc.integer({ min: -5, max: 2_000_000_000 }), fc.double())
                : schema.type === 'boolean'
                  ? fc.boolean()
                  : schema.format === 'uuid'
                    ? fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...realIds) }, { weight: 1, arbitrary: fc.uuid() })
                    : schema.format === 'date-time'
                      ? fc.date({ noInvalidDate: true }).map((date) => date.toISOString())
                      : schema.type === 'string'
                        ? fc.oneof(fc.string({ maxLength: 30 }), fc.constantFrom('RON', '12.90', 'owner', 'a@b.ro', '2026-11-22'))
                        : nasty;
  return fc.oneof({ weight: 4, arbitrary: plain }, { weight: 1, arbitrary: nasty });
}

interface Shot {
  path: string;
  body: unknown;
  headers: Record<string, string>;
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
const wellFormed = (value: unknown): string => asText(value).toWellFormed();

/** One request for an operation: hostile path parts, query and body. */
function shotAt(operation: Operation): fc.Arbitrary<Shot> {
  const inPath = operation.parameters.filter((one) => one.in === 'path');
  const inQuery = operation.parameters.filter((one) => one.in === 'query');
  return fc
    .record({
      path: fc.tuple(...inPath.map((one) => valueFor(one.schema))),
      query: fc.tuple(...inQuery.map((one) => fc.option(valueFor(one.schema), { nil: undefined }))),
      body: operation.body === undefined ? fc.constant(undefined) : valueFor(operation.body),
      broken: fc.constantFrom('', '', '', '', '', '', '{"a":', '[1,2', 'nul', '"\u0000"'),
      key: fc.option(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 }), { nil: undefined }),
    })
    .map(({ path, query, body, broken, key }): Shot => {
      let address = operation.path;
      inPath.forEach((one, index) => {
        address = address.replace(`{${one.name}}`, encodeURIComponent(wellFormed(path[index])) || 'x');
      });
      const search = new URLSearchParams();
      inQuery.forEach((one, index) => {
        if (query[index] !== undefined) search.append(one.name, wellFormed(query[index]));
      });
      return {
        path: `/api${address}${search.size > 0 ? `?${search.toString()}` : ''}`,
        body: broken !== '' && body !== undefined ? broken : body,
        headers: Object.fromEntries(key === undefined || key.trim() === '' ? [] : [['idempotency-key', key.trim()]]),
      };
    });
}

const problemOf = (answer: Answer): string | undefined => {
  if (answer.status < 400) return undefined;
  if (answer.status >= 500) return `status ${answer.status}`;
  const type = answer.headers.get('content-type') ?? '';
  if (!type.startsWith('application/problem+json')) return `content type ${type}`;
  for (const name of ['code', 'detail', 'requestId', 'status', 'title']) if (!(name in answer.body)) return `a problem without ${name}`;
  if (/\{[a-z]\w*\}/i.test(String(answer.body['detail']))) return `an unfilled sentence: ${String(answer.body['detail'])}`;
  return undefined;
};

/** Operations that would end the test's own access or wait for the outside world. */
const spared = new Set(['setUp', 'revokeApiKey', 'endDemo']);

describe('every route', () => {
  test('has a right that exists and an operation id of its own', () => {
    const metas: { right: string; id: string | undefined }[] = [];
    const walk = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      const inner = (node as Record<string, { meta: { right: string }; route: { operationId?: string } } | undefined>)['~orpc'];
      if (inner !== undefined && 'route' in inner) metas.push({ right: inner.meta.right, id: inner.route.operationId });
      else for (const child of Object.values(node)) walk(child);
    };
    walk(contract);
    expect(metas.length).toBeGreaterThan(50);
    expect(metas.filter(({ right }) => right !== 'public' && right !== 'signed_in' && !(rights as readonly string[]).includes(right))).toEqual([]);
    expect(new Set(metas.map(({ id }) => id)).size).toBe(metas.length);
  });

  test('refuses a stranger unless it is public', async () => {
    const open = new Set(['getSetup', 'setUp', 'setPassword']);
    const admitted: string[] = [];
    for (const operation of operations) {
      if (open.has(operation.operationId)) continue;
      const address = operation.path.replaceAll(/\{\w+\}/g, '0198c0de-0000-7000-8000-000000000000');
      const answer = await target.call(operation.method, `/api${address}`, operation.body === undefined ? undefined : {}, { as: null });
      if (answer.status !== 401 || answer.body['code'] !== 'auth.required') admitted.push(`${operation.method} ${operation.path}: ${answer.status}`);
    }
    expect(admitted).toEqual([]);
  });

  test('answers at least 2,000 hostile requests without a 500 and every refusal as a problem with its code', { timeout: 240_000 }, async () => {
    const perOperation = Math.ceil(2200 / operations.length);
    const bad: string[] = [];
    let fired = 0;
    for (const operation of operations.filter((one) => answersOnce(one) && !spared.has(one.operationId))) {
      const shots = fc.sample(shotAt(operation), { numRuns: perOperation, seed: 20261122 });
      for (const shot of shots) {
        const answer = await target.call(operation.method, shot.path, shot.body, { headers: shot.headers });
        fired++;
        const problem = problemOf(answer);
        if (problem !== undefined)
          bad.push(`${operation.method} ${shot.path.slice(0, 200)} ${asText(shot.body).slice(0, 300)} → ${problem} ${asText(answer.body).slice(0, 200)}`);
      }
    }
    expect(bad.slice(0, 10)).toEqual([]);
    expect(fired).toBeGreaterThanOrEqual(2000);
  });

  test('refuses a JSON body over 1 MiB before reading it', async () => {
    const answer = await target.call('POST', '/api/products', { title: 'x'.repeat(1_100_000) });
    expect(answer.status).toBe(413);
    expect(answer.body['code']).toBe('body.too_large');
  });

  test('refuses a write that a foreign page sends with a session cookie', async () => {
    const answer = await target.call(
      'POST',
      '/api/products',
      {},
      { as: null, headers: { cookie: 'karavan.session_token=x', origin: 'https://elsewhere.example' } },
    );
    expect(answer.status).toBe(403);
  });

  test('answers an unknown address with a problem', async () => {
    const answer = await target.call('GET', '/api/nothing/here/at/all');
    expect(answer.status).toBe(404);
    expect(answer.body['code']).toBe('resource.not_found');
  });
});
