import { describe, expect, test } from 'vitest';
import { testApp } from '../../../test/app.ts';
import { sql } from '../../kit/db.ts';
import { rights, roleName } from './contract.ts';
import type { ApiKey, Company, User } from './contract.ts';
import { rightsOf } from './rights.ts';

let now = Date.now();
const { app, call, keyFor } = await testApp({ empty: true, clock: { now: () => new Date(now) } });

let made = 0;
const company = async (): Promise<Company> =>
  (await call<Company>('POST', '/api/companies', { name: `Company ${++made}`, country: 'RO', currency: 'RON' })).body;
const user = async (fields: object = {}): Promise<User> =>
  (
    await call<{ user: User }>('POST', '/api/users', {
      email: `user${++made}@shop.test`,
      name: `User ${made}`,
      role: 'viewer',
      password: 'a long enough password',
      ...fields,
    })
  ).body.user;
const [a, b] = [await company(), await company()];

describe('roles', () => {
  test('an owner has every right, a manager all but accounts and keys', () => {
    expect([...rightsOf('owner')]).toEqual([...rights]);
    expect(rights.filter((right) => !rightsOf('manager').has(right))).toEqual(['accounts.manage', 'keys.manage']);
  });

  test('the order desk never sees costs, and only it, owners and managers see customers', () => {
    expect(rightsOf('order_desk').has('costs.read')).toBe(false);
    expect(roleName.options.filter((role) => rightsOf(role).has('orders.customers'))).toEqual(['owner', 'manager', 'order_desk']);
  });

  test('a viewer changes nothing', () => {
    expect([...rightsOf('viewer')].every((right) => right.endsWith('.read'))).toBe(true);
  });

  test('a role of a later version has no rights', () => {
    expect(rightsOf('constructor').size).toBe(0);
  });
});

describe('API keys', () => {
  test('a key is shown once and kept as a hash only', async () => {
    const { status, body } = await call<{ apiKey: ApiKey; key: string }>('POST', '/api/api-keys', { name: 'Shop feed', role: 'viewer' });
    expect(status).toBe(201);
    expect(body.key).toMatch(/^kv_[\w-]{43}$/);
    expect(body.apiKey.prefix).toBe(body.key.slice(0, 9));
    const rows = await app.db.rows(
      sql`select to_jsonb(k)::text || coalesce((select string_agg(to_jsonb(e)::text, '') from change_entry e), '') as text from api_key k`,
    );
    expect(JSON.stringify(rows)).not.toContain(body.key);
    const { items } = (await call<{ items: object[] }>('GET', '/api/api-keys')).body;
    expect(JSON.stringify(items)).not.toContain(body.key);
  });

  test('a key does what its role may, and nothing else', async () => {
    const viewer = await keyFor('viewer');
    expect((await call('GET', '/api/me', undefined, { as: viewer })).body).toMatchObject({ actor: { kind: 'api_key', role: 'viewer' }, limited: false });
    expect((await call('GET', '/api/users', undefined, { as: viewer })).body).toMatchObject({ code: 'auth.forbidden', right: 'accounts.manage' });
    const manager = await keyFor('manager');
    expect((await call('POST', '/api/api-keys', { name: 'x', role: 'owner' }, { as: manager })).status).toBe(403);
  });

  test('a revoked key stops within five seconds, an expired one at its time', async () => {
    const { body } = await call<{ apiKey: ApiKey; key: string }>('POST', '/api/api-keys', {
      name: 'short',
      role: 'viewer',
      expiresAt: new Date(now + 3600_000).toISOString(),
    });
    expect((await call('GET', '/api/me', undefined, { as: body.key })).status).toBe(200);
    const other = await call<{ apiKey: ApiKey; key: string }>('POST', '/api/api-keys', { name: 'revoked', role: 'viewer' });
    expect((await call('GET', '/api/me', undefined, { as: other.body.key })).status).toBe(200);
    await call('DELETE', `/api/api-keys/${other.body.apiKey.id}`);
    now += 3600_001;
    const began = performance.now();
    for (const key of [body.key, other.body.key]) {
      while ((await call('GET', '/api/me', undefined, { as: key })).status !== 401) {
        expect(performance.now() - began).toBeLessThan(5500);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  });

  test('its last use is noted once a minute', async () => {
    const { body } = await call<{ apiKey: ApiKey; key: string }>('POST', '/api/api-keys', { name: 'used', role: 'viewer' });
    await call('GET', '/api/me', undefined, { as: body.key });
    const used = async () => (await app.db.one<{ at: Date | null }>(sql`select last_used_at as at from api_key where id = ${body.apiKey.id}`)).at;
    expect(await used()).toEqual(new Date(now));
  });

  test.each(['kv_', 'kv_wrong', 'x', 'kv_'.padEnd(5000, 'a')])('%s is nobody', async (key) => {
    expect((await call('GET', '/api/me', undefined, { as: key })).body).toMatchObject({ code: 'auth.required' });
  });

  test('an unknown role, an unknown company and an end in the past are refused with their field', async () => {
    for (const [fields, field] of [
      [{ role: 'king' }, 'role'],
      [{ companyIds: [crypto.randomUUID()] }, 'companyIds'],
      [{ expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    ] as const) {
      expect((await call('POST', '/api/api-keys', { name: 'x', role: 'viewer', ...fields })).body).toMatchObject({ status: 400, field });
    }
  });
});

describe('limits to companies', () => {
  test('somebody limited to one company finds nothing of another', async () => {
    const limited = await keyFor('manager', [a.id]);
    expect((await call<{ items: Company[] }>('GET', '/api/companies', undefined, { as: limited })).body.items.map((one) => one.id)).toEqual([a.id]);
    expect((await call('GET', `/api/companies/${a.id}`, undefined, { as: limited })).status).toBe(200);
    expect((await call('GET', `/api/companies/${b.id}`, undefined, { as: limited })).body).toMatchObject({ status: 404, code: 'resource.not_found' });
    expect((await call('PATCH', `/api/companies/${b.id}`, { version: 1, name: 'Mine now' }, { as: limited })).status).toBe(404);
    expect((await call<{ limited: boolean; companies: Company[] }>('GET', '/api/me', undefined, { as: limited })).body).toMatchObject({
      limited: true,
      companies: [{ id: a.id }],
    });
  });

  test('and changes nothing that concerns all of them', async () => {
    const limited = await keyFor('manager', [a.id]);
    expect((await call('POST', '/api/companies', { name: 'New', country: 'RO', currency: 'RON' }, { as: limited })).body).toMatchObject({
      code: 'company.limited',
    });
    expect((await call('PATCH', '/api/settings', { version: 1, name: 'Mine' }, { as: limited })).body).toMatchObject({ code: 'company.limited' });
    expect((await call('PUT', '/api/fx-rates', { base: 'EUR', quote: 'RON', onDate: '2026-11-20', value: '5' }, { as: limited })).body).toMatchObject({
      code: 'company.limited',
    });
  });

  test('nobody hands out more than they have', async () => {
    const limited = await keyFor('owner', [a.id]);
    const invite = (companyIds: string[] | null) =>
      call('POST', '/api/users', { email: `i${++made}@shop.test`, name: 'I', role: 'owner', companyIds }, { as: limited });
    expect((await invite(null)).body).toMatchObject({ code: 'company.limited' });
    expect((await invite([b.id])).body).toMatchObject({ field: 'companyIds' });
    expect((await invite([a.id])).status).toBe(201);
    expect((await call('POST', '/api/api-keys', { name: 'x', role: 'owner' }, { as: limited })).body).toMatchObject({ code: 'company.limited' });
  });

  test('users who see more are out of reach', async () => {
    const limited = await keyFor('owner', [a.id]);
    const everywhere = await user();
    expect((await call('PATCH', `/api/users/${everywhere.id}`, { active: false }, { as: limited })).status).toBe(404);
    expect((await call('DELETE', `/api/users/${everywhere.id}`, undefined, { as: limited })).status).toBe(404);
    expect((await call<{ items: User[] }>('GET', '/api/users', undefined, { as: limited })).body.items.every((one) => one.companyIds?.includes(a.id))).toBe(
      true,
    );
  });
});

describe('users', () => {
  test('an address belongs to one user, however it is written', async () => {
    const one = await user();
    expect((await call('POST', '/api/users', { email: one.email.toUpperCase(), name: 'Again', role: 'viewer' })).body).toMatchObject({
      code: 'user.email_taken',
      field: 'email',
    });
  });

  test('the list pages by name without loss', async () => {
    for (const name of ['zoe', 'Ada', 'bela', 'Ada']) await user({ name });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: User[]; nextCursor: string | null } = (
        await call<{ items: User[]; nextCursor: string | null }>('GET', `/api/users?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`)
      ).body;
      seen.push(...page.items.map((one) => one.id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    const { count } = await app.db.one<{ count: number }>(sql`select count(*) as count from auth.user`);
    expect(new Set(seen).size).toBe(count);
    expect(seen).toHaveLength(count);
  });

  test('the last active owner can be neither demoted, limited, deactivated nor removed', async () => {
    await app.db.run(sql`delete from auth.user where role = 'owner'`);
    const owner = await user({ role: 'owner' });
    await user({ role: 'owner', companyIds: [a.id] });
    for (const change of [{ role: 'manager' }, { active: false }, { companyIds: [a.id] }]) {
      expect((await call('PATCH', `/api/users/${owner.id}`, change)).body).toMatchObject({ status: 409, code: 'user.last_owner' });
    }
    expect((await call('DELETE', `/api/users/${owner.id}`)).body).toMatchObject({ code: 'user.last_owner' });
    expect((await call('PATCH', `/api/users/${owner.id}`, { name: 'Renamed' })).status).toBe(200);
  });

  test('two owners who demote each other at the same moment do not leave the shop without one', async () => {
    await app.db.run(sql`delete from auth.user where role = 'owner'`);
    const owners = [await user({ role: 'owner' }), await user({ role: 'owner' })];
    const answers = await Promise.all(owners.map((one) => call('PATCH', `/api/users/${one.id}`, { role: 'viewer' })));
    expect(answers.map((answer) => answer.status).toSorted((one, two) => one - two)).toEqual([200, 409]);
  });

  test('a removed user leaves their name in the log and nothing else', async () => {
    const gone = await user();
    expect((await call('DELETE', `/api/users/${gone.id}`)).body).toEqual({ done: true });
    expect((await call('GET', `/api/users/${gone.id}`)).status).toBe(404);
    expect(await app.db.rows(sql`select from auth.account where user_id = ${gone.id}`)).toEqual([]);
    const history = await call<{ items: { entry: { op: string; label: string } }[] }>('GET', `/api/changes/entities/user/${gone.id}`);
    expect(history.body.items[0]?.entry).toMatchObject({ op: 'delete', label: gone.name });
  });
});

describe('companies', () => {
  test('the first company is the default, and the default moves', async () => {
    expect(a.isDefault).toBe(true);
    const c = await company();
    expect((await call<Company>('PATCH', `/api/companies/${c.id}`, { version: c.version, isDefault: true })).body.isDefault).toBe(true);
    const { body } = await call<Company>('GET', `/api/companies/${a.id}`);
    expect(body.isDefault).toBe(false);
    await call('PATCH', `/api/companies/${a.id}`, { version: body.version, isDefault: true });
  });

  test('the default is not archived, another one is, and comes back', async () => {
    const { body: current } = await call<Company>('GET', `/api/companies/${a.id}`);
    expect((await call('PATCH', `/api/companies/${a.id}`, { version: current.version, archived: true })).body).toMatchObject({ code: 'company.is_default' });
    const c = await company();
    const archived = (await call<Company>('PATCH', `/api/companies/${c.id}`, { version: c.version, archived: true })).body;
    expect(archived.archivedAt).not.toBeNull();
    expect((await call('PATCH', `/api/companies/${c.id}`, { version: archived.version, isDefault: true })).body).toMatchObject({ code: 'company.is_default' });
    const shown = async (query: string) => (await call<{ items: Company[] }>('GET', `/api/companies${query}`)).body.items.some((one) => one.id === c.id);
    expect([await shown(''), await shown('?archived=true')]).toEqual([false, true]);
    expect((await call<Company>('PATCH', `/api/companies/${c.id}`, { version: archived.version, archived: false })).body.archivedAt).toBeNull();
  });

  test('a stale save is refused with the present version, a taken name with its field', async () => {
    const c = await company();
    await call('PATCH', `/api/companies/${c.id}`, { version: c.version, vatNumber: 'RO123' });
    expect((await call('PATCH', `/api/companies/${c.id}`, { version: c.version, vatNumber: 'RO456' })).body).toMatchObject({
      code: 'resource.stale',
      current: { vatNumber: 'RO123', version: 2 },
    });
    expect((await call('PATCH', `/api/companies/${c.id}`, { version: 2, name: a.name })).body).toMatchObject({ code: 'company.name_taken', field: 'name' });
  });
});

describe('views', () => {
  test('own views are private until shared, and only their owner changes them', async () => {
    const [one, two] = [await keyFor('viewer'), await keyFor('viewer')];
    const mine = (
      await call<{ id: string }>(
        'POST',
        '/api/views',
        { screen: 'products', name: 'Low stock', query: { stock: 'low', columns: ['sku', 'title'] } },
        { as: one },
      )
    ).body;
    const seen = async (as: string) =>
      (await call<{ items: { id: string; own: boolean }[] }>('GET', '/api/views?screen=products', undefined, { as })).body.items;
    expect([await seen(one), await seen(two)]).toMatchObject([[{ id: mine.id, own: true }], []]);
    await call('PATCH', `/api/views/${mine.id}`, { shared: true }, { as: one });
    expect(await seen(two)).toMatchObject([{ id: mine.id, own: false }]);
    expect((await call('PATCH', `/api/views/${mine.id}`, { name: 'Taken' }, { as: two })).status).toBe(404);
    expect((await call('DELETE', `/api/views/${mine.id}`, undefined, { as: two })).status).toBe(404);
    expect((await call('POST', '/api/views', { screen: 'products', name: 'Low stock', query: {} }, { as: one })).body).toMatchObject({
      code: 'view.name_taken',
    });
    expect((await call('DELETE', `/api/views/${mine.id}`, undefined, { as: one })).status).toBe(200);
  });
});
