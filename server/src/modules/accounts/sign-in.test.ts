import fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { testApp } from '../../../test/app.ts';
import { systemActor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import { createUser } from './accounts.ts';
import { createSignIn } from './sign-in.ts';
import type { NewUser } from './users.ts';

let now = Date.now();
const { app, url, call } = await testApp({ clock: { now: () => new Date(now) } });
const PASSWORD = 'a long enough password';
let made = 0;

async function person(fields: Partial<NewUser> = {}) {
  const email = `person${++made}@shop.test`;
  return app.db.transaction(
    async (tx) => (await createUser(tx, systemActor, { email, name: `Person ${made}`, role: 'manager', password: PASSWORD, ...fields })).user,
  );
}

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/api/auth/${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
const signIn = (email: string, password = PASSWORD, headers: Record<string, string> = {}): Promise<Response> =>
  post('sign-in/email', { email, password }, headers);
const codeOf = async (response: Response): Promise<unknown> => ((await response.json()) as { code?: unknown }).code;

async function cookieOf(email: string, password = PASSWORD): Promise<string> {
  const response = await signIn(email, password);
  expect(response.status).toBe(200);
  return (response.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
}
const me = (cookie: string) =>
  call<{ actor: { name: string; email: string }; rights: string[] }>('GET', '/api/me', undefined, { as: null, headers: { cookie } });

/** Answers are trusted for a moment; then what was revoked no longer counts. */
async function eventuallyRefused(cookie: string): Promise<number> {
  const began = performance.now();
  while ((await me(cookie)).status !== 401) {
    expect(performance.now() - began).toBeLessThan(5500);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return performance.now() - began;
}

describe('signing in', () => {
  test('a person signs in with any spelling of their address, and is known by the cookie', async () => {
    const user = await person();
    const answer = await me(await cookieOf(user.email.toUpperCase()));
    expect(answer.status).toBe(200);
    expect(answer.body.actor).toMatchObject({ name: user.name, email: user.email });
    expect(answer.body.rights).not.toContain('accounts.manage');
  });

  test('the cookie is out of reach of scripts and other sites, and lasts 14 days', async () => {
    const user = await person();
    const [cookie] = (await signIn(user.email)).headers.getSetCookie();
    expect(cookie).toMatch(/^karavan\.session_token=/);
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
    expect(cookie).toMatch(/Path=\//);
    expect(cookie).toMatch(/Max-Age=1209600/);
  });

  test('a wrong password, an unknown address and a deactivated user get the same answer', async () => {
    const user = await person();
    const gone = await person();
    await app.db.run(sql`update auth.user set active = false where id = ${gone.id}`);
    const answers = await Promise.all([signIn(user.email, 'not the password'), signIn('nobody@shop.test'), signIn(gone.email)]);
    const problems = await Promise.all(answers.map(async (answer) => ({ ...((await answer.json()) as object), requestId: '' })));
    expect(answers.map((answer) => answer.status)).toEqual([401, 401, 401]);
    expect(problems[1]).toEqual(problems[0]);
    expect(problems[2]).toEqual(problems[0]);
    expect(problems[0]).toMatchObject({ code: 'sign_in.refused' });
    expect(answers.flatMap((answer) => answer.headers.getSetCookie())).toEqual([]);
  });

  test.each([
    ['no address', { password: PASSWORD }, 'email'],
    ['an address that is none', { email: 'x', password: PASSWORD }, 'email'],
    ['a list for a password', { email: 'a@b.ro', password: ['x'] }, 'password'],
    ['a password with a null byte', { email: 'a@b.ro', password: 'abc\u0000defghijk' }, 'password'],
    ['a password of 5,000 characters', { email: 'a@b.ro', password: 'x'.repeat(5000) }, 'password'],
  ])('%s is refused with its field', async (_name, body, field) => {
    const response = await post('sign-in/email', body);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toMatch('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'input.invalid', field });
  });

  test('a page of another site cannot sign somebody in', async () => {
    const user = await person();
    const response = await signIn(user.email, PASSWORD, { origin: 'https://elsewhere.example' });
    expect(response.status).toBe(403);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  test('our own page signs in on whatever host and port it was opened', async () => {
    const user = await person();
    expect((await signIn(user.email, PASSWORD, { origin: url })).status).toBe(200);
  });

  test('behind HTTPS the cookie is for HTTPS only', async () => {
    const signInThere = createSignIn({
      config: { publicUrl: 'https://shop.example' },
      databaseUrl: app.config.databaseUrl ?? '',
      secret: 'another secret',
      db: app.db,
      clock: app.clock,
    });
    const server = fastify();
    await signInThere.register(server);
    server.get('/who', async (request) => ({ name: (await signInThere.authenticate(request))?.name ?? null }));
    const user = await person();
    const headers = { origin: 'https://shop.example', host: 'internal:4000' };
    const answer = await server.inject({ method: 'POST', url: '/api/auth/sign-in/email', payload: { email: user.email, password: PASSWORD }, headers });
    const [cookie] = answer.cookies;
    expect(cookie).toMatchObject({ name: '__Secure-karavan.session_token', secure: true, httpOnly: true });
    expect((await server.inject({ url: '/who', cookies: { [cookie?.name ?? '']: cookie?.value ?? '' } })).json()).toEqual({ name: user.name });
    await server.close();
    await signInThere.close();
  });

  test.each(['sign-up/email', 'sign-in/social', 'forget-password', 'update-user', 'delete-user', 'verify-email', 'ok'])(
    'nothing answers at %s',
    async (path) => {
      const response = await post(path, { email: 'a@b.ro', password: PASSWORD, name: 'x' });
      expect([response.status, await codeOf(response)]).toEqual([404, 'resource.not_found']);
    },
  );
});

describe('the lock', () => {
  test('eight failures in a row lock an address for 15 minutes, the right password included', async () => {
    const user = await person();
    for (let failure = 1; failure <= 8; failure++) expect((await signIn(user.email, 'wrong password')).status).toBe(401);
    const locked = await signIn(user.email);
    expect([locked.status, await codeOf(locked)]).toEqual([429, 'sign_in.locked']);
    expect(locked.headers.get('retry-after')).toBe('900');
    now += 15 * 60_000 + 1;
    expect((await signIn(user.email)).status).toBe(200);
  });

  test('an address without a user locks just the same', async () => {
    const email = 'no-such-person@shop.test';
    for (let failure = 1; failure <= 8; failure++) expect((await signIn(email)).status).toBe(401);
    expect((await signIn(email)).status).toBe(429);
  });

  test('signing in breaks the row', async () => {
    const user = await person();
    for (let round = 1; round <= 2; round++) {
      for (let failure = 1; failure <= 7; failure++) expect((await signIn(user.email, 'wrong password')).status).toBe(401);
      expect((await signIn(user.email)).status).toBe(200);
    }
  });

  test('guesses sent all at once do not get past it', async () => {
    const user = await person();
    const answers = await Promise.all(Array.from({ length: 20 }, () => signIn(user.email, 'wrong password')));
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(8);
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(12);
  });
});

describe('sessions', () => {
  test('signing out ends the session at once', async () => {
    const user = await person();
    const cookie = await cookieOf(user.email);
    expect((await me(cookie)).status).toBe(200);
    expect((await post('sign-out', {}, { cookie, origin: url })).status).toBe(200);
    expect((await me(cookie)).status).toBe(401);
  });

  test('a deactivated user is out within five seconds', async () => {
    const user = await person();
    const cookie = await cookieOf(user.email);
    expect((await me(cookie)).status).toBe(200);
    expect((await call('PATCH', `/api/users/${user.id}`, { active: false })).status).toBe(200);
    await eventuallyRefused(cookie);
    expect(await app.db.rows(sql`select from auth.session where user_id = ${user.id}`)).toEqual([]);
  });

  test('a changed role takes effect within five seconds', async () => {
    const user = await person();
    const cookie = await cookieOf(user.email);
    expect((await me(cookie)).body.rights).toContain('catalog.write');
    await call('PATCH', `/api/users/${user.id}`, { role: 'viewer' });
    const began = performance.now();
    while ((await me(cookie)).body.rights.includes('catalog.write')) {
      expect(performance.now() - began).toBeLessThan(5500);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  });

  test('people change their own name and language, and nothing else about themselves', async () => {
    const cookie = await cookieOf((await person({ role: 'viewer' })).email);
    const change = (body: object) => call<{ name: string; locale: string; role: string }>('PATCH', '/api/me', body, { as: null, headers: { cookie } });
    expect((await change({ name: 'Ana Maria', locale: 'ro', role: 'owner' })).body).toMatchObject({ name: 'Ana Maria', locale: 'ro', role: 'viewer' });
    expect((await change({ locale: 'xx' })).body).toMatchObject({ code: 'input.invalid', field: 'locale' });
  });

  test('a tampered cookie is nobody', async () => {
    const cookie = await cookieOf((await person()).email);
    const signed = cookie.lastIndexOf('.');
    expect((await me(`${cookie.slice(0, signed + 1)}${'A'.repeat(cookie.length - signed - 1)}`)).status).toBe(401);
    expect((await me('karavan.session_token=')).status).toBe(401);
    expect((await me('karavan.session_token=%00%ff.x')).status).toBe(401);
  });

  test('a person sees their sessions and ends another one', async () => {
    const user = await person();
    const [here, there] = [await cookieOf(user.email), await cookieOf(user.email)];
    const listed = await fetch(`${url}/api/auth/list-sessions`, { headers: { cookie: here } });
    const sessions = (await listed.json()) as { token: string }[];
    expect(sessions).toHaveLength(2);
    const other = sessions.find((session) => there.includes(session.token));
    expect((await post('revoke-session', { token: other?.token }, { cookie: here, origin: url })).status).toBe(200);
    expect((await me(there)).status).toBe(401);
    expect((await me(here)).status).toBe(200);
  });

  test('a new password needs the present one, and ends the other sessions', async () => {
    const user = await person();
    const [here, there] = [await cookieOf(user.email), await cookieOf(user.email)];
    const wrong = await post('change-password', { currentPassword: 'not this one', newPassword: 'another long password' }, { cookie: here, origin: url });
    expect(await wrong.json()).toMatchObject({ code: 'password.wrong', field: 'currentPassword' });
    const short = await post('change-password', { currentPassword: PASSWORD, newPassword: 'short' }, { cookie: here, origin: url });
    expect(await short.json()).toMatchObject({ code: 'input.invalid', field: 'newPassword' });
    expect((await post('change-password', { currentPassword: PASSWORD, newPassword: 'another long password' }, { cookie: here, origin: url })).status).toBe(
      200,
    );
    expect((await me(there)).status).toBe(401);
    expect((await signIn(user.email)).status).toBe(401);
    expect((await signIn(user.email, 'another long password')).status).toBe(200);
  });

  test('without a session none of it answers', async () => {
    expect((await fetch(`${url}/api/auth/list-sessions`)).status).toBe(401);
    expect((await post('change-password', { currentPassword: PASSWORD, newPassword: 'another long password' })).status).toBe(401);
  });
});

describe('one-time links', () => {
  test('a user without a password chooses one through the link, which works once', async () => {
    const { body } = await call<{ user: { id: string; hasPassword: boolean }; passwordLink: { token: string } }>('POST', '/api/users', {
      email: 'Link@Shop.test',
      name: 'Link',
      role: 'viewer',
    });
    expect(body.user.hasPassword).toBe(false);
    expect((await signIn('link@shop.test')).status).toBe(401);
    const use = () => call('POST', '/api/set-password', { token: body.passwordLink.token, password: PASSWORD }, { as: null });
    expect((await use()).body).toEqual({ email: 'link@shop.test' });
    expect((await use()).body).toMatchObject({ code: 'password.link_used' });
    expect((await signIn('link@shop.test')).status).toBe(200);
  });

  test('a reset takes the password and the sessions away', async () => {
    const user = await person();
    const cookie = await cookieOf(user.email);
    const { body } = await call<{ token: string }>('POST', `/api/users/${user.id}/reset-password`);
    expect((await signIn(user.email)).status).toBe(401);
    await eventuallyRefused(cookie);
    await call('POST', '/api/set-password', { token: body.token, password: 'a fresh long password' }, { as: null });
    expect((await signIn(user.email, 'a fresh long password')).status).toBe(200);
  });

  test('a link is over after seven days', async () => {
    const { body } = await call<{ passwordLink: { token: string } }>('POST', '/api/users', { email: 'late@shop.test', name: 'Late', role: 'viewer' });
    now += 7 * 24 * 3600_000 + 1;
    expect((await call('POST', '/api/set-password', { token: body.passwordLink.token, password: PASSWORD }, { as: null })).status).toBe(410);
  });
});
