import { expect, test } from 'vitest';
import { testApp } from '../../../test/app.ts';
import { sql } from '../../kit/db.ts';
import { ensureFirstOwner } from './accounts.ts';

const { app, url, call, keyFor } = await testApp({ empty: true });
const input = {
  name: 'Ana Pop',
  email: 'Ana@Shop.test',
  password: 'a long enough password',
  shopName: 'Casa Verde',
  companyName: 'Casa Verde SRL',
  country: 'RO',
  currency: 'RON',
  timeZone: 'Europe/Bucharest',
};
const setUp = (fields: object = {}, headers: Record<string, string> = {}) => call('POST', '/api/setup', { ...input, ...fields }, { as: null, headers });

test.each([
  ['a time zone that is none', { timeZone: 'Europe/Atlantis' }, 'timeZone'],
  ['a currency that is none', { currency: 'QQQ' }, 'currency'],
  ['a country in words', { country: 'Romania' }, 'country'],
  ['a short password', { password: 'short' }, 'password'],
  ['a name of blanks', { name: '   ' }, 'name'],
  ['a shop name with a null byte', { shopName: 'a\u0000b' }, 'shopName'],
  ['no address', { email: undefined }, 'email'],
])('%s is refused with its field, and nothing is made', async (_name, fields, field) => {
  const { status, body } = await setUp(fields);
  expect([status, body['code'], body['field']]).toEqual([400, 'input.invalid', field]);
  expect((await call('GET', '/api/setup', undefined, { as: null })).body).toEqual({ needed: true, demo: false, signedIn: false });
});

test('another site cannot set a fresh shop up in its own name', async () => {
  const strangers: Record<string, string>[] = [
    { origin: 'https://elsewhere.example' },
    { origin: 'null' },
    { origin: 'http://[' },
    { 'sec-fetch-site': 'cross-site' },
  ];
  for (const headers of strangers) {
    expect((await setUp({}, headers)).body).toMatchObject({ status: 403, code: 'auth.forbidden' });
  }
});

test('ten people who set the shop up at the same moment make one owner', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => setUp({ email: `owner${index}@shop.test`, companyName: `Company ${index}` })));
  expect(answers.map((answer) => answer.status).toSorted((one, two) => one - two)).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
  expect(answers.filter((answer) => answer.status === 409).every((answer) => answer.body['code'] === 'setup.already_done')).toBe(true);
  const counts = await app.db.one(
    sql`select (select count(*) from auth.user) as users, (select count(*) from company) as companies, (select name from shop) as shop`,
  );
  expect(counts).toEqual({ users: 1, companies: 1, shop: 'Casa Verde' });
  expect((await call('GET', '/api/setup', undefined, { as: null })).body).toEqual({ needed: false, demo: false, signedIn: false });
});

test('the owner it made can sign in', async () => {
  const { email } = await app.db.one<{ email: string }>(sql`select email from auth.user`);
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: input.password }),
  });
  expect(response.status).toBe(200);
});

test('an owner from the settings is made only while there is nobody', async () => {
  const withOwner = { ...app, config: { ...app.config, owner: { email: 'Boss@Shop.test', password: 'a long enough password' } } };
  await ensureFirstOwner(withOwner);
  expect(await app.db.one(sql`select count(*) as count from auth.user`)).toEqual({ count: 1 });
  await app.db.run(sql`delete from auth.user`);
  await Promise.all([ensureFirstOwner(withOwner), ensureFirstOwner(withOwner)]);
  expect(await app.db.rows(sql`select email, role from auth.user`)).toEqual([{ email: 'boss@shop.test', role: 'owner' }]);
});

test('ten parallel writes with one Idempotency-Key make one row and get one answer', async () => {
  const headers = { 'idempotency-key': 'company-1' };
  const body = { name: 'Once SRL', country: 'RO', currency: 'RON' };
  const answers = await Promise.all(Array.from({ length: 10 }, () => call('POST', '/api/companies', body, { headers })));
  expect(new Set(answers.map((answer) => JSON.stringify([answer.status, answer.body]))).size).toBe(1);
  expect(answers[0]?.status).toBe(201);
  expect(await app.db.one(sql`select count(*) as count from company where name = 'Once SRL'`)).toEqual({ count: 1 });
});

test('another request under the same key is refused, and somebody else may use the key', async () => {
  const headers = { 'idempotency-key': 'company-2' };
  const create = (name: string, as?: string) =>
    call('POST', '/api/companies', { name, country: 'RO', currency: 'RON' }, { headers, ...(as === undefined ? {} : { as }) });
  expect((await create('Two SRL')).status).toBe(201);
  expect((await create('Other SRL')).body).toMatchObject({ status: 422, code: 'idempotency.key_reused' });
  expect((await create('Other SRL', await keyFor('manager'))).status).toBe(201);
});

test('a refused write leaves its key free', async () => {
  const headers = { 'idempotency-key': 'company-3' };
  const create = (name: string) => call('POST', '/api/companies', { name, country: 'RO', currency: 'RON' }, { headers });
  expect((await create('Two SRL')).body).toMatchObject({ code: 'company.name_taken' });
  expect((await create('Three SRL')).status).toBe(201);
});

test('an API key made twice under one Idempotency-Key is the same key, and the stored answer does not hold it', async () => {
  const headers = { 'idempotency-key': 'key-1' };
  const create = async () => (await call<{ key: string }>('POST', '/api/api-keys', { name: 'Feed', role: 'viewer' }, { headers })).body.key;
  const [first, second] = [await create(), await create()];
  expect(second).toBe(first);
  expect(JSON.stringify(await app.db.rows(sql`select * from idempotency_key`))).not.toContain(first);
  expect((await call('GET', '/api/me', undefined, { as: first })).status).toBe(200);
});
