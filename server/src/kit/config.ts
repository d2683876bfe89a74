import { randomBytes, createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { rootBaseFolder } from './postgres-program.ts';
import { StartError } from './start-error.ts';

/** A setting has a value that cannot be used; the message is one sentence that names it. */
export class ConfigError extends StartError {
  override name = 'ConfigError';
}

/** Everything that an operator can set. This file alone reads the environment. */
export interface Config {
  host: string;
  port: number;
  /** Address at which people and platforms reach this server; undefined means `http://localhost:<port taken>`. */
  publicUrl: string | undefined;
  /** Absolute. Holds the built-in database, the secret and stored files. */
  dataDir: string;
  /** A PostgreSQL of the operator's own; undefined means the built-in one. */
  databaseUrl: string | undefined;
  /** Seals credentials and signs sessions; kept outside the database. */
  secret: string;
  roles: { api: boolean; worker: boolean };
  /** `when_empty`: only if nothing has been set up yet. */
  demo: 'on' | 'off' | 'when_empty';
  /** The first owner, to be made when there is none; undefined means that a set-up page asks for one. */
  owner: { email: string; password: string } | undefined;
  sandboxPort: number;
  /** Platform → base address used instead of the platform's own. */
  endpoints: Readonly<Record<string, string>>;
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
}

interface Setting<Value> {
  /** Turns text into the value; its failure is told with `mustBe`. */
  schema: z.ZodType<Value, string>;
  /** Completes the sentence "NAME must be …". */
  mustBe: string;
  about: string;
  /** As the table shows it. */
  default: string;
  /** Its value is never repeated in a message. */
  secret?: true;
}

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((number) => number <= 65_535);
const portMustBe = 'a whole number from 0 to 65535 (0 takes any free port)';
const setting = <Value>(one: Setting<Value>) => one;
const secretLength = 32;

const settings = {
  PORT: setting({
    schema: port,
    mustBe: portMustBe,
    default: '4000',
    about: 'Port of the web pages and the API. When it is taken, the next free one is used and named.',
  }),
  KARAVAN_HOST: setting({
    schema: z.string().regex(/^[\w.:-]+$/),
    mustBe: 'a host name or an address of this machine',
    default: '127.0.0.1',
    about: 'Address to listen on. `0.0.0.0` lets other machines in; put HTTPS in front of it then.',
  }),
  KARAVAN_URL: setting({
    schema: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, '')),
    mustBe: 'an address that begins with http:// or https://',
    default: '`http://localhost:` and the port',
    about: 'Address at which people and marketplaces reach this server; webhooks and sign-in cookies depend on it.',
  }),
  KARAVAN_DATA: setting({
    schema: z.string(),
    mustBe: 'the path of a folder',
    default: '`data` in the folder of Karavan; for root a folder of its own below `/var/lib/karavan`',
    about: 'Folder of the built-in database, the secret and stored files. A relative path starts at the folder of Karavan.',
  }),
  DATABASE_URL: setting({
    schema: z.url({ protocol: /^postgres(?:ql)?$/ }).refine((url) => URL.parse(url)?.hostname !== '' && (URL.parse(url)?.pathname.length ?? 0) > 1),
    mustBe: 'an address like postgres://user:password@host:5432/karavan',
    default: 'the built-in PostgreSQL',
    about: 'A PostgreSQL 18 or newer of your own. Nothing built-in is started then, and `KARAVAN_SECRET` is required.',
    secret: true,
  }),
  KARAVAN_SECRET: setting({
    schema: z.string().min(secretLength),
    mustBe: `at least ${secretLength} characters long`,
    default: 'made once and kept in the data folder',
    about: 'Seals the credentials of your stores and signs sessions. Keep a copy apart from the database: without it the credentials cannot be opened.',
    secret: true,
  }),
  KARAVAN_ROLES: setting({
    schema: z.enum(['api', 'worker', 'both']),
    mustBe: 'api, worker or both',
    default: 'both',
    about: 'What this process does: answer people (`api`), work in the background (`worker`), or `both`. More than one process needs `DATABASE_URL`.',
  }),
  KARAVAN_DEMO: setting({
    schema: z.enum(['on', 'off']),
    mustBe: 'on or off',
    default: '`on` for an empty data folder; `off` with `DATABASE_URL`',
    about: 'Whether an empty database is filled with a demo shop and simulated marketplaces.',
  }),
  KARAVAN_OWNER_EMAIL: setting({
    schema: z.email(),
    mustBe: 'an e-mail address',
    default: 'a set-up page asks',
    about: 'E-mail address of the first owner, made when there is no user yet. Goes with `KARAVAN_OWNER_PASSWORD`.',
  }),
  KARAVAN_OWNER_PASSWORD: setting({
    schema: z.string().min(10).max(200),
    mustBe: '10 to 200 characters long',
    default: 'a set-up page asks',
    about: 'Password of the first owner, 10 to 200 characters. Goes with `KARAVAN_OWNER_EMAIL`.',
    secret: true,
  }),
  SANDBOX_PORT: setting({
    schema: port,
    mustBe: portMustBe,
    default: '4100',
    about: 'Port of the simulated marketplaces. When it is taken, the next free one is used and named.',
  }),
  KARAVAN_ENDPOINTS: setting({
    schema: z
      .string()
      .transform((text, context) => {
        try {
          return JSON.parse(text) as unknown;
        } catch {
          context.addIssue('not JSON');
          return z.NEVER;
        }
      })
      .pipe(z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), z.url({ protocol: /^https?$/ }))),
    mustBe: 'a JSON object of platforms and addresses, like {"platform":"http://localhost:4100/platform"}',
    default: "the platforms' own addresses",
    about: 'Addresses used in place of the ones of the platforms, as a JSON object from platform to address; for tests and relays.',
  }),
  LOG_LEVEL: setting({
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    mustBe: 'trace, debug, info, warn, error, fatal or silent',
    default: 'info',
    about: 'The least important kind of message that is logged.',
  }),
};

type Name = keyof typeof settings;
type Values = { [K in Name]: z.output<(typeof settings)[K]['schema']> | undefined };

/** Where Karavan runs; a test passes its own. */
export interface Surroundings {
  /** Folder of the checkout. */
  folder: string;
  isRoot: boolean;
}

const here: Surroundings = { folder: path.resolve(import.meta.dirname, '../../..'), isRoot: process.getuid?.() === 0 };

/**
 * Reads the settings from environment variables; an empty value counts as not set. Without KARAVAN_SECRET one is made
 * in the data folder the first time. Throws ConfigError for the first value that cannot be used.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env, surroundings: Surroundings = here): Config {
  const values = Object.fromEntries(Object.keys(settings).map((name) => [name, readOne(name as Name, env[name])])) as Values;
  const { KARAVAN_OWNER_EMAIL: email, KARAVAN_OWNER_PASSWORD: password, DATABASE_URL: databaseUrl, KARAVAN_ROLES: roles = 'both' } = values;
  if ((email === undefined) !== (password === undefined)) {
    const [given, missing] = email === undefined ? ['KARAVAN_OWNER_PASSWORD', 'KARAVAN_OWNER_EMAIL'] : ['KARAVAN_OWNER_EMAIL', 'KARAVAN_OWNER_PASSWORD'];
    throw new ConfigError(`${given} is set without ${missing}; set both, or neither to use the set-up page.`);
  }
  if (databaseUrl !== undefined && values.KARAVAN_SECRET === undefined) {
    throw new ConfigError(
      'KARAVAN_SECRET is required together with DATABASE_URL, because it must be the same in every process; make one with: openssl rand -base64 32',
    );
  }
  const dataDir = values.KARAVAN_DATA === undefined ? defaultDataDir(surroundings) : path.resolve(surroundings.folder, values.KARAVAN_DATA);
  if (statSync(dataDir, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new ConfigError(`KARAVAN_DATA must be the path of a folder, but ${dataDir} is a file.`);
  return {
    host: values.KARAVAN_HOST ?? '127.0.0.1',
    port: values.PORT ?? 4000,
    publicUrl: values.KARAVAN_URL,
    dataDir,
    databaseUrl,
    secret: values.KARAVAN_SECRET ?? ensureSecret(dataDir, surroundings),
    roles: { api: roles !== 'worker', worker: roles !== 'api' },
    demo: values.KARAVAN_DEMO ?? (databaseUrl === undefined ? 'when_empty' : 'off'),
    owner: email === undefined || password === undefined ? undefined : { email, password },
    sandboxPort: values.SANDBOX_PORT ?? 4100,
    endpoints: values.KARAVAN_ENDPOINTS ?? {},
    logLevel: values.LOG_LEVEL ?? 'info',
  };
}

/** Root keeps data where PostgreSQL's user can reach it, apart for each checkout; other users keep it in the checkout. */
export function defaultDataDir({ folder, isRoot }: Surroundings): string {
  if (!isRoot) return path.join(folder, 'data');
  return path.join(rootBaseFolder, createHash('sha256').update(folder).digest('hex').slice(0, 12));
}

/** The table of all settings in Markdown, for the documentation. */
export function settingsTable(): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = Object.entries(settings).map(([name, { default: standard, about, mustBe }]) => {
    const shown = /[\s`]/.test(standard) ? standard : `\`${standard}\``;
    return `| \`${name}\` | ${cell(about)} | ${cell(mustBe)} | ${cell(shown)} |`;
  });
  return ['| Setting | What it does | Must be | Default |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}

function readOne(name: Name, text: string | undefined): unknown {
  if (text === undefined || text.trim() === '') return undefined;
  const { schema, mustBe, secret } = settings[name] as Setting<unknown>;
  const value = secret ? text : text.trim();
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const shown = value.length > 60 ? `${value.slice(0, 60)}…` : value;
  throw new ConfigError(secret ? `${name} must be ${mustBe}.` : `${name} must be ${mustBe}, but it is "${shown}".`);
}

/** The secret of this data folder; two first starts at once end up with the same one. */
function ensureSecret(dataDir: string, { isRoot }: Surroundings): string {
  const file = path.join(dataDir, 'secret');
  try {
    if (!existsSync(file)) {
      mkdirSync(dataDir, { recursive: true, mode: isRoot ? 0o711 : 0o700 });
      const draft = `${file}.${randomBytes(4).toString('hex')}`;
      writeFileSync(draft, randomBytes(secretLength).toString('base64url'), { mode: 0o600, flush: true });
      try {
        linkSync(draft, file); // unlike a rename, this never replaces a secret that is there already
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      } finally {
        rmSync(draft);
      }
    }
    const secret = readFileSync(file, 'utf8').trim();
    if (secret.length >= secretLength) return secret;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`The data folder ${dataDir} cannot be used (${reason}); set KARAVAN_DATA to a folder that this user may write to.`, { cause });
  }
  throw new ConfigError(`The file ${file} is damaged; put it back from your backup, or set KARAVAN_SECRET to the secret that it held.`);
}
