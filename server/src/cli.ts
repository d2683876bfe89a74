import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { systemActor } from './kit/actor.ts';
import { systemClock } from './kit/clock.ts';
import { readConfig } from './kit/config.ts';
import { openDatabase } from './kit/db.ts';
import type { Tx } from './kit/db.ts';
import { AppError } from './kit/errors.ts';
import { startLocalPostgres } from './kit/local-postgres.ts';
import { migrate } from './kit/migrate.ts';
import { StartError } from './kit/start-error.ts';
import { rawText, text } from './kit/text.ts';
import { createApiKey, createUser, ensureCompany, roleName } from './modules/accounts/accounts.ts';

const help = `npm run cli -- COMMAND

  api-key create --name NAME --role ROLE [--company ID]…      makes an API key and prints it, this once
  user create --email E --name NAME --role ROLE [--password P] adds a user; prints the password unless you gave one
  migrate                                                      brings the database to the newest schema
  help                                                         prints this

Roles: ${roleName.options.join(', ')}.
It uses the database of the settings, running or not; see docs/settings.md.`;

/** The command line cannot be understood; the message is one sentence. */
class UsageError extends Error {
  override name = 'UsageError';
}

const out = (line: string): void => void process.stdout.write(`${line}\n`);
const note = (line: string): void => void process.stderr.write(`${line}\n`);

/** Works in one transaction; what it answers is printed once that is committed. */
type Work = (tx: Tx) => Promise<{ print?: string; say?: string }>;

const options = {
  name: { type: 'string' },
  role: { type: 'string' },
  email: { type: 'string' },
  password: { type: 'string' },
  company: { type: 'string', multiple: true },
} as const;
type OptionName = keyof typeof options;
type Values = Partial<Record<OptionName, string | string[]>>;

/** The given options of a command; refuses others, missing and wrong ones with a sentence. */
function read<S extends z.ZodRawShape>(command: string, values: Values, shape: S): z.output<z.ZodObject<S>> {
  const unknown = Object.keys(values).find((name) => !Object.hasOwn(shape, name));
  if (unknown !== undefined) throw new UsageError(`"${command}" does not take --${unknown}; "npm run cli -- help" lists what it takes.`);
  const result = z.object(shape).safeParse(values);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const name = String(issue?.path[0]);
  if (!Object.hasOwn(values, name)) throw new UsageError(`"${command}" needs --${name}; "npm run cli -- help" shows how.`);
  throw new UsageError(`--${name} cannot be used: ${issue?.message ?? 'it is not valid'}.`);
}

const role = z.enum(roleName.options, `there is no such role, only ${roleName.options.join(', ')}`);

const commands: Readonly<Record<string, (values: Values) => Work>> = {
  'api-key create'(values) {
    const given = read('api-key create', values, {
      name: text(120, { min: 1 }),
      role,
      company: z.array(z.uuid('a company is named by its id, as /api/companies shows it')).optional(),
    });
    return async (tx) => {
      const { secret } = await createApiKey(tx, systemActor, { name: given.name, role: given.role, companyIds: given.company ?? null, expiresAt: null });
      return { print: secret };
    };
  },
  'user create'(values) {
    const given = read('user create', values, {
      email: z.email('it is not an e-mail address').max(254),
      name: text(120, { min: 1 }),
      role,
      password: rawText(200).min(10, 'a password has at least 10 characters').optional(),
    });
    return async (tx) => {
      const password = given.password ?? randomBytes(12).toString('base64url');
      await ensureCompany(tx);
      const { user } = await createUser(tx, systemActor, { email: given.email, name: given.name, role: given.role, password });
      return { say: `${user.name} can sign in as ${user.email}.`, ...(given.password === undefined ? { print: password } : {}) };
    };
  },
  migrate(values) {
    read('migrate', values, {});
    return async () => ({});
  },
};

/** Understands the command line before anything is started. */
function understand(args: readonly string[]): { name: string; work: Work } | 'help' {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options: { ...options, help: { type: 'boolean', short: 'h' } }, allowPositionals: true });
  } catch (error) {
    throw new UsageError(
      `${error instanceof Error ? (error.message.split('. ')[0] ?? '').replace(/\.$/, '') : String(error)}; "npm run cli -- help" lists what there is.`,
      { cause: error },
    );
  }
  const { help: wantsHelp, ...values } = parsed.values;
  const name = parsed.positionals.join(' ');
  if (wantsHelp === true || name === 'help') return 'help';
  if (name === '') throw new UsageError('Say what to do; "npm run cli -- help" lists what there is.');
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new UsageError(`There is no command "${name}"; "npm run cli -- help" lists what there is.`);
  return { name, work: command(values) };
}

/** Does one command on the database of the settings: the one that runs, or one started for as long as this takes. */
async function run(args: readonly string[]): Promise<void> {
  const command = understand(args);
  if (command === 'help') return out(help);
  const config = readConfig();
  const postgres = config.databaseUrl === undefined ? await startLocalPostgres({ dataDir: config.dataDir, purpose: 'command', log: note }) : undefined;
  const url = config.databaseUrl ?? postgres?.url ?? '';
  try {
    const applied = await migrate(url);
    if (command.name === 'migrate') note(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`);
    const db = openDatabase({ url, clock: systemClock, maxConnections: 1 });
    try {
      const { print, say } = await db.transaction(command.work);
      if (say !== undefined) note(say);
      if (print !== undefined) out(print);
    } finally {
      await db.close();
    }
  } finally {
    await postgres?.stop();
  }
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError || error instanceof StartError || error instanceof AppError) note(error.message);
  else note(`This did not work: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
