import type { Actor } from '../../kit/actor.ts';
import { empty, isUniqueViolation, sql } from '../../kit/db.ts';
import type { Db, Sql, Tx } from '../../kit/db.ts';
import { AppError, commonErrors, invalid, notFound } from '../../kit/errors.ts';
import { decodeCursor, toPage } from '../../kit/page.ts';
import type { Page } from '../../kit/page.ts';
import { closeChangeSet, openChangeSet, recordChanges } from './changes.ts';
import { accountsErrors } from './contract.ts';
import type { Company } from './contract.ts';
import type { CompanyRow } from './tables.ts';

const toCompany = (row: CompanyRow): Company => ({
  id: row.id,
  name: row.name,
  legalName: row.legal_name,
  vatNumber: row.vat_number,
  country: row.country,
  currency: row.currency,
  isDefault: row.is_default,
  archivedAt: row.archived_at?.toISOString() ?? null,
  version: row.version,
});

/** SQL that is true for rows whose company the actor may see. */
export const withinCompanies = (actor: Actor, column: Sql): Sql => (actor.companyIds === null ? sql`true` : sql`${column} = any(${actor.companyIds}::uuid[])`);

/** Refuses whoever may act for some companies only, where something concerns all of them. */
export function requireUnlimited(actor: Actor): void {
  if (actor.companyIds !== null) throw new AppError(accountsErrors['company.limited']);
}

/** Companies to be given to a user or key: they exist, and are no more than the actor has. null means all. */
export async function requireGrantable(db: Db, actor: Actor, companyIds: readonly string[] | null): Promise<void> {
  if (companyIds === null) return requireUnlimited(actor);
  const known = await db.rows<{ id: string }>(sql`select id from company where id = any(${[...companyIds]}::uuid[]) and ${withinCompanies(actor, sql`id`)}`);
  const unknown = companyIds.find((id) => !known.some((company) => company.id === id));
  if (unknown !== undefined) throw invalid('companyIds', `there is no company ${unknown}`);
}

/** One company; other people's companies do not exist for a limited actor. */
export async function getCompany(db: Db, actor: Actor, id: string): Promise<Company> {
  const row = await db.maybe<CompanyRow>(sql`select * from company where id = ${id} and ${withinCompanies(actor, sql`id`)}`);
  if (row === undefined) throw notFound('company');
  return toCompany(row);
}

/** The company that new things belong to when nobody says otherwise. */
export async function getDefaultCompany(db: Db): Promise<Company> {
  const row = await db.maybe<CompanyRow>(sql`select * from company where is_default`);
  if (row === undefined) throw notFound('default company');
  return toCompany(row);
}

/** Companies by name (a handful; constraint company_name_key). */
export async function listCompanies(
  db: Db,
  actor: Actor,
  input: { limit: number; cursor?: string | undefined; archived?: 'true' | 'false' | undefined },
): Promise<Page<Company>> {
  const after = decodeCursor(input.cursor, 'name', 1);
  const rows = await db.rows<CompanyRow>(sql`
    select * from company where ${withinCompanies(actor, sql`id`)}
      ${input.archived === 'true' ? empty : sql`and archived_at is null`}
      ${after === undefined ? empty : sql`and name > ${String(after[0])}`}
    order by name limit ${input.limit + 1}`);
  return toPage(rows, input.limit, 'name', (row) => [row.name], toCompany);
}

export interface NewCompany {
  name: string;
  country: string;
  currency: string;
  legalName?: string | undefined;
  vatNumber?: string | undefined;
  isDefault?: boolean | undefined;
}

/** Takes the default from whichever company has it, inside a change set. */
const clearDefault = (tx: Tx, changeSetId: string, except: string): Promise<number> =>
  tx.run(sql`
    with changed as (
      update company set is_default = false, version = version + 1 where is_default and id <> ${except}
      returning id, to_jsonb(old) as old_row, to_jsonb(new) as new_row)
    ${recordChanges(changeSetId, 'company', 'update')}`);

const nameTaken = (error: unknown): unknown =>
  isUniqueViolation(error, 'company_name_key') ? new AppError(accountsErrors['company.name_taken'], { field: 'name', cause: error }) : error;

/** Adds a company; the first one is the default. */
export async function createCompany(tx: Tx, actor: Actor, input: NewCompany): Promise<Company> {
  requireUnlimited(actor);
  const id = tx.newId();
  const changeSetId = await openChangeSet(tx, actor, { kind: 'edit', reason: `Company ${input.name} added`, companyId: null });
  const { first } = await tx.one<{ first: boolean }>(sql`select not exists (select from company where is_default) as first`);
  const isDefault = first || input.isDefault === true;
  if (isDefault) await clearDefault(tx, changeSetId, id);
  try {
    await tx.run(sql`
      with changed as (
        insert into company (id, name, legal_name, vat_number, country, currency, is_default, created_at)
        values (${id}, ${input.name}, ${input.legalName ?? ''}, ${input.vatNumber ?? ''}, ${input.country}, ${input.currency}, ${isDefault}, ${tx.now})
        returning id)
      ${recordChanges(changeSetId, 'company', 'create')}`);
  } catch (error) {
    throw nameTaken(error);
  }
  await closeChangeSet(tx, changeSetId);
  return getCompany(tx, actor, id);
}

export interface CompanyChange extends Partial<NewCompany> {
  id: string;
  version: number;
  archived?: boolean | undefined;
}

/** Changes a company. The default one cannot be archived, and an archived one not become the default. */
export async function updateCompany(tx: Tx, actor: Actor, input: CompanyChange): Promise<Company> {
  const before = await tx.maybe<CompanyRow>(sql`select * from company where id = ${input.id} and ${withinCompanies(actor, sql`id`)} for update`);
  if (before === undefined) throw notFound('company');
  if (input.version !== before.version) throw new AppError(commonErrors['resource.stale'], { data: { current: toCompany(before) } });
  const archived = input.archived ?? before.archived_at !== null;
  const isDefault = input.isDefault ?? before.is_default;
  if (isDefault !== before.is_default) requireUnlimited(actor);
  if (isDefault && archived) throw new AppError(accountsErrors['company.is_default'], { field: 'archived' });
  const changeSetId = await openChangeSet(tx, actor, { kind: 'edit', reason: `Company ${before.name}`, companyId: before.id });
  if (isDefault) await clearDefault(tx, changeSetId, before.id);
  try {
    await tx.run(sql`
      with changed as (
        update company set name = ${input.name ?? before.name}, legal_name = ${input.legalName ?? before.legal_name}, vat_number = ${input.vatNumber ?? before.vat_number},
          country = ${input.country ?? before.country}, currency = ${input.currency ?? before.currency}, is_default = ${isDefault},
          archived_at = ${archived ? (before.archived_at ?? tx.now) : null}, version = version + 1
        where id = ${before.id} returning id, to_jsonb(old) as old_row, to_jsonb(new) as new_row)
      ${recordChanges(changeSetId, 'company', 'update')}`);
  } catch (error) {
    throw nameTaken(error);
  }
  await closeChangeSet(tx, changeSetId);
  return getCompany(tx, actor, before.id);
}
