import type { App } from '../../app.ts';
import { systemActor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import type { Db, Tx } from '../../kit/db.ts';
import { AppError } from '../../kit/errors.ts';
import { createCompany } from './companies.ts';
import { accountsErrors } from './contract.ts';
import type { User } from './contract.ts';
import { saveShop } from './settings.ts';
import { createUser } from './users.ts';

/** True while nobody can sign in. */
export const needsSetup = async (db: Db): Promise<boolean> =>
  (await db.one<{ needed: boolean }>(sql`select not exists (select from auth.user) as needed`)).needed;

/** Two first owners at the same moment wait for each other here, until the transaction ends. */
const waitForTurn = (tx: Tx): Promise<number> => tx.run(sql`select pg_advisory_xact_lock(7241002)`);

export interface SetupInput {
  name: string;
  email: string;
  password: string;
  shopName: string;
  companyName: string;
  country: string;
  currency: string;
  timeZone: string;
}

/** Makes the first owner, the default company and the shop, all or nothing; refused as soon as there is any user. */
export async function setUp(tx: Tx, input: SetupInput): Promise<User> {
  await waitForTurn(tx);
  if (!(await needsSetup(tx))) throw new AppError(accountsErrors['setup.already_done']);
  await saveShop(tx, systemActor, { name: input.shopName, timeZone: input.timeZone, currency: input.currency });
  await ensureCompany(tx, { name: input.companyName, country: input.country, currency: input.currency });
  const { user } = await createUser(tx, systemActor, { email: input.email, name: input.name, password: input.password, role: 'owner' });
  return user;
}

/** A company to begin with, unless there is one. */
export async function ensureCompany(tx: Tx, input = { name: 'My company', country: 'RO', currency: 'RON' }): Promise<void> {
  const { present } = await tx.one<{ present: boolean }>(sql`select exists (select from company) as present`);
  if (!present) await createCompany(tx, systemActor, { ...input, isDefault: true });
}

/** Makes the first owner from KARAVAN_OWNER_EMAIL and KARAVAN_OWNER_PASSWORD when there is no user yet; does nothing otherwise. */
export async function ensureFirstOwner(app: App): Promise<void> {
  const { owner } = app.config;
  if (owner === undefined) return;
  await app.db.transaction(async (tx) => {
    await waitForTurn(tx);
    if (!(await needsSetup(tx))) return;
    await ensureCompany(tx);
    await createUser(tx, systemActor, { email: owner.email, name: owner.email.replace(/@.*/, ''), password: owner.password, role: 'owner' });
  });
}
