import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { testApp } from '../test/app.ts';
import { sql } from './kit/db.ts';

const { app, url, call } = await testApp();
const file = fileURLToPath(new URL('cli.ts', import.meta.url));

/** Runs the command line as a person would, on the database of this test. */
const cli = (...args: string[]) =>
  new Promise<{ code: number; out: string; said: string }>((resolve) => {
    const env = { PATH: process.env['PATH'], DATABASE_URL: app.config.databaseUrl, KARAVAN_SECRET: app.config.secret };
    execFile(process.execPath, [file, ...args], { env }, (error, out, said) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, said }));
  });

test('an API key is all that is printed, and works at once', async () => {
  const { code, out, said } = await cli('api-key', 'create', '--name', 'Feed', '--role', 'viewer');
  expect([code, said]).toEqual([0, '']);
  expect(out).toMatch(/^kv_[\w-]{43}\n$/);
  expect((await call('GET', '/api/me', undefined, { as: out.trim() })).body).toMatchObject({ actor: { name: 'Feed', role: 'viewer' } });
});

test('a key for one company sees that one', async () => {
  const { body } = await call<{ id: string }>('POST', '/api/companies', { name: 'One SRL', country: 'RO', currency: 'RON' });
  const { out } = await cli('api-key', 'create', '--name', 'Feed', '--role', 'manager', '--company', body.id);
  expect((await call('GET', '/api/me', undefined, { as: out.trim() })).body).toMatchObject({ limited: true, companies: [{ id: body.id }] });
});

test('a user gets a password that is printed once and signs in with it', async () => {
  const { code, out } = await cli('user', 'create', '--email', 'Ana@Shop.test', '--name', 'Ana', '--role', 'owner');
  expect(code).toBe(0);
  const signIn = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'ana@shop.test', password: out.trim() }),
  });
  expect(signIn.status).toBe(200);
  const again = await cli('user', 'create', '--email', 'ana@shop.test', '--name', 'Ana', '--role', 'owner', '--password', 'a long enough password');
  expect(again).toEqual({ code: 1, out: '', said: 'There is already a user with this e-mail address.\n' });
});

test('migrating a database that is up to date does nothing', async () => {
  expect(await cli('migrate')).toEqual({ code: 0, out: '', said: 'The database is up to date.\n' });
});

test.each([
  [[]],
  [['frobnicate']],
  [['api-key', 'create']],
  [['api-key', 'create', '--name', 'x', '--role', 'king']],
  [['api-key', 'create', '--name', 'x', '--role', 'owner', '--company', '7']],
  [['user', 'create', '--email', 'x', '--name', 'x', '--role', 'owner']],
  [['user', 'create', '--email', 'x@y.ro', '--name', 'x', '--role', 'owner', '--password', 'short']],
  [['migrate', '--force']],
  [['migrate', '--name', 'x']],
])('%j is answered with one sentence', async (args) => {
  const { code, out, said } = await cli(...args);
  expect([code, out]).toEqual([2, '']);
  expect(said.trim().split('\n')).toHaveLength(1);
  expect(said).toMatch(/\.\n$/);
});

test('help names every command', async () => {
  const { code, out } = await cli('help');
  expect(code).toBe(0);
  for (const command of ['api-key create', 'user create', 'migrate', 'help']) expect(out).toContain(command);
});

test('a company that does not exist is told without a key being made', async () => {
  const { count } = await app.db.one<{ count: number }>(sql`select count(*) as count from api_key`);
  expect((await cli('api-key', 'create', '--name', 'x', '--role', 'viewer', '--company', crypto.randomUUID())).code).toBe(1);
  expect(await app.db.one(sql`select count(*) as count from api_key`)).toEqual({ count });
});
