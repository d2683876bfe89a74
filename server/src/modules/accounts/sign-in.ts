import { createHash } from 'node:crypto';
import { betterAuth } from 'better-auth';
import { APIError } from 'better-auth/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import pg from 'pg';
import { z } from 'zod';
import type { Actor } from '../../kit/actor.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Config } from '../../kit/config.ts';
import type { Database } from '../../kit/db.ts';
import { AppError, commonErrors, invalid, notFound } from '../../kit/errors.ts';
import { newId } from '../../kit/ids.ts';
import { rawText, text } from '../../kit/text.ts';
import { accountsErrors } from './contract.ts';
import { findKeyActor, findUserActor, Trusted } from './identity.ts';
import { clearAttempts, countAttempt, NetworkLimit } from './sign-in-lock.ts';

/** Tells who sends a request, and serves sign-in itself under /api/auth. */
export interface SignIn {
  /** The actor behind the session cookie or API key; null for a stranger, an ended session, a revoked or expired key. */
  authenticate(request: FastifyRequest): Promise<Actor | null>;
  register(server: FastifyInstance): Promise<void>;
  close(): Promise<void>;
}

export interface SignInOptions {
  config: Pick<Config, 'publicUrl'>;
  databaseUrl: string;
  secret: string;
  db: Database;
  clock: Clock;
}

const SESSION_SECONDS = 14 * 24 * 3600;
const CLIENT_ADDRESS = 'x-karavan-client-address';
/** How better-auth says that address and password do not belong together. */
const REFUSED = 'INVALID_EMAIL_OR_PASSWORD';

const signInInput = z.object({
  email: text(254)
    .pipe(z.email())
    .transform((email) => email.toLowerCase()),
  password: rawText(200).min(1),
  rememberMe: z.boolean().default(true),
});
const changePasswordInput = z.object({
  currentPassword: rawText(200).min(1),
  newPassword: rawText(200).min(10),
  revokeOtherSessions: z.boolean().default(true),
});
const revokeSessionInput = z.object({ token: text(200, { min: 1 }) });
const noInput = z.object({});

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw invalid(field, `${field === '' ? 'the body' : field}: ${issue?.message ?? 'invalid'}`);
}

function createAuth({ config, databaseUrl, secret, clock, db }: SignInOptions) {
  const database = new pg.Pool({
    connectionString: databaseUrl,
    options: '-c search_path=auth',
    application_name: 'karavan sign-in',
    max: 4,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
  });
  database.on('error', () => undefined); // an idle connection was lost; the pool opens another one when it needs it
  const dates = { createdAt: 'created_at', updatedAt: 'updated_at' };
  const auth = betterAuth({
    appName: 'Karavan',
    // Where we are reached is known only after listening; nothing is built from this address, and origins are told per request.
    baseURL: config.publicUrl ?? 'http://localhost',
    basePath: '/api/auth',
    secret: createHash('sha256').update(`karavan sessions\n${secret}`).digest('base64url'),
    database,
    user: { fields: { ...dates, emailVerified: 'email_verified' } },
    account: {
      fields: {
        ...dates,
        userId: 'user_id',
        providerId: 'provider_id',
        accountId: 'account_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
      },
    },
    session: {
      fields: { ...dates, userId: 'user_id', expiresAt: 'expires_at', ipAddress: 'ip_address', userAgent: 'user_agent' },
      expiresIn: SESSION_SECONDS,
      disableSessionRefresh: true,
      freshAge: 0,
    },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 200 },
    databaseHooks: {
      session: {
        create: {
          // Runs after the password was checked, so that a deactivated user gets the same answer after the same time.
          before: async (session) => {
            if ((await findUserActor(db, clock, session.userId)) === null) throw new APIError('UNAUTHORIZED', { code: REFUSED });
          },
        },
      },
    },
    trustedOrigins: (request) => {
      const host = request?.headers.get('host') ?? '';
      const name = host.replace(/:\d+$/, '');
      return [
        ...(config.publicUrl === undefined ? [] : [new URL(config.publicUrl).origin]),
        ...(name === '' ? [] : [`http://${host}`, `https://${host}`, `http://${name}:*`, `https://${name}:*`]),
      ];
    },
    rateLimit: { enabled: false }, // sign-in-lock.ts does it: per e-mail address in the database, per network address in memory
    advanced: {
      cookiePrefix: 'karavan',
      useSecureCookies: config.publicUrl?.startsWith('https://') ?? false,
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS] },
      // Said aloud, because better-auth leaves both out where it thinks that it is being tested.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      // The tables are made by our own migration; signing in on them is what the tests do.
      database: { generateId: () => newId(), validateSchema: false },
    },
    onAPIError: { throw: true }, // what is no refusal comes to us as it is
    logger: { disabled: true },
    telemetry: { enabled: false },
  });
  return { auth, close: () => database.end() };
}

/** Sessions through better-auth in the schema `auth`, API keys through our own table. Opens connections when first used. */
export function createSignIn(options: SignInOptions): SignIn {
  const { config, db, clock } = options;
  const { auth, close } = createAuth(options);
  const trusted = new Trusted();
  const networks = new NetworkLimit();
  const sessionCookie = new RegExp(`(?:^|;\\s*)${config.publicUrl?.startsWith('https://') === true ? '__Secure-' : ''}karavan\\.session_token=([^;]+)`);

  /** Lets better-auth answer. Its refusals are thrown in our words. */
  async function ask(request: FastifyRequest, path: string, body: unknown): Promise<Response> {
    const headers = new Headers();
    for (const name of ['cookie', 'host', 'origin', 'referer', 'user-agent', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest'] as const) {
      const value = request.headers[name];
      if (typeof value === 'string') headers.set(name, value);
    }
    // A program, unlike a browser, tells no origin; there is no page that could have tricked it.
    if (!headers.has('origin') && !headers.has('sec-fetch-site')) headers.set('origin', `http://${request.headers.host ?? ''}`);
    headers.set(CLIENT_ADDRESS, request.ip);
    const init: RequestInit = { method: request.method, headers };
    if (request.method === 'POST') {
      headers.set('content-type', 'application/json');
      init.body = JSON.stringify(body);
    }
    const response = await auth.handler(new Request(new URL(path, config.publicUrl ?? 'http://localhost'), init));
    if (response.status >= 400) throw await refusalIn(response);
    return response;
  }

  async function answer(reply: FastifyReply, response: Response): Promise<FastifyReply> {
    for (const cookie of response.headers.getSetCookie()) reply.header('set-cookie', cookie);
    return reply
      .status(response.status)
      .header('cache-control', 'no-store')
      .type('application/json')
      .send(await response.text());
  }

  async function signIn(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const input = parse(signInInput, request.body);
    if (networks.isReached(request.ip)) throw new AppError(accountsErrors['sign_in.too_many']);
    const lockedUntil = await countAttempt(db, input.email, clock.now());
    if (lockedUntil !== undefined) {
      const minutes = Math.max(1, Math.ceil((lockedUntil.getTime() - clock.now().getTime()) / 60_000));
      reply.header('retry-after', String(minutes * 60));
      throw new AppError(accountsErrors['sign_in.locked'], { data: { minutes } });
    }
    try {
      const response = await ask(request, '/api/auth/sign-in/email', input);
      await clearAttempts(db, input.email);
      return await answer(reply, response);
    } catch (error) {
      if (error instanceof AppError && error.code === 'sign_in.refused') networks.countFailure(request.ip);
      throw error;
    }
  }

  /** The rest of what better-auth does for us; after each, nobody is remembered in this process. */
  const pass =
    <T>(schema: z.ZodType<T>, path: string) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const input = parse(schema, request.body);
      try {
        return await answer(reply, await ask(request, path, input));
      } finally {
        if (request.method === 'POST') trusted.clear();
      }
    };

  const changePassword = pass(changePasswordInput, '/api/auth/change-password');

  return {
    async authenticate(request) {
      const { authorization, cookie } = request.headers;
      const bearer = authorization === undefined ? undefined : /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
      if (bearer !== undefined) return bearer.startsWith('kv_') ? trusted.find(bearer, () => findKeyActor(db, clock, bearer)) : null;
      const token = cookie === undefined ? undefined : sessionCookie.exec(cookie)?.[0];
      if (token === undefined) return null;
      return trusted.find(token, async () => {
        const session = await auth.api.getSession({ headers: new Headers({ cookie: token }) });
        return session === null ? null : findUserActor(db, clock, session.user.id);
      });
    },
    async register(server) {
      await server.register(async (scope) => {
        scope.post('/api/auth/sign-in/email', signIn);
        scope.post('/api/auth/sign-out', pass(noInput, '/api/auth/sign-out'));
        scope.get('/api/auth/get-session', pass(noInput, '/api/auth/get-session'));
        scope.get('/api/auth/list-sessions', pass(noInput, '/api/auth/list-sessions'));
        scope.post('/api/auth/revoke-session', pass(revokeSessionInput, '/api/auth/revoke-session'));
        scope.post('/api/auth/revoke-other-sessions', pass(noInput, '/api/auth/revoke-other-sessions'));
        scope.post('/api/auth/change-password', async (request, reply) => {
          // A stolen session must not be a place to guess the password at.
          if (networks.isReached(request.ip)) throw new AppError(accountsErrors['sign_in.too_many']);
          try {
            return await changePassword(request, reply);
          } catch (error) {
            if (error instanceof AppError && error.code === 'password.wrong') networks.countFailure(request.ip);
            throw error;
          }
        });
        // Nothing else of better-auth is reachable.
        scope.all('/api/auth/*', async () => {
          throw notFound('address');
        });
      });
    },
    close,
  };
}

/** better-auth's refusals in our words; a failure of its own is an error like any other. */
async function refusalIn(response: Response): Promise<Error> {
  const body: unknown = await response.json().catch(() => null); // a refusal without JSON is told by its status alone
  const told = z
    .object({ code: z.string().catch(''), message: z.string().catch('') })
    .catch({ code: '', message: '' })
    .parse(body);
  if (response.status >= 500) return new Error(`better-auth answered ${response.status} ${told.code} ${told.message}`);
  if (told.code === REFUSED) return new AppError(accountsErrors['sign_in.refused']);
  if (told.code === 'INVALID_PASSWORD') return new AppError(accountsErrors['password.wrong'], { field: 'currentPassword' });
  if (response.status === 401) return new AppError(commonErrors['auth.required']);
  if (response.status === 403) return new AppError(commonErrors['auth.forbidden'], { data: { right: 'same-origin requests' } });
  if (response.status === 404) return notFound('address');
  return new AppError({ ...commonErrors['input.invalid'], status: response.status }, { data: { reason: told.message } });
}
