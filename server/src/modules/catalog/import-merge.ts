import type { Actor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import type { Database, Tx } from '../../kit/db.ts';
import { closeChangeSet, openChangeSet } from '../accounts/changes.ts';
import { saveProgress } from '../sync/sync.ts';
import type { RunKind, RunRow } from '../sync/sync.ts';
import { ensureCategories } from './categories.ts';
import type { ImportOutcome, ImportProblem } from './contract.ts';
import type { Field } from './fields.ts';
import { productColumns } from './fields.ts';
import { IMPORT_RUN } from './import.ts';
import { mergeProducts, stagedSource } from './merge.ts';
import type { ProductImportRow } from './tables.ts';

/** A product that an import has just brought up to date, with the file's values for another module's columns. */
export interface ImportedRow {
  productId: string;
  sku: string;
  title: string;
  /** Field → cell, trimmed, never blank. */
  values: Readonly<Record<string, string>>;
}

/** What a module adds to product files. */
export interface ImportExtension {
  /** Whoever lacks it may not fill these columns; they are left alone then. */
  right?: string;
  /** Field → accepted headings; the first one is what our export writes. */
  columns: Readonly<Record<string, readonly string[]>>;
  /** Takes the values over in the step's own transaction. `changed` counts products as updated; problems name a field of `columns`. */
  apply(
    tx: Tx,
    actor: Actor,
    changeSetId: string,
    rows: readonly ImportedRow[],
  ): Promise<{
    rowProblems: readonly { productId: string; column: string; value: string; reason: string }[];
    changed?: readonly string[];
  }>;
}

const STEP_ROWS = 5000;
const FIRST_PROBLEMS = 20;

interface Cursor {
  /** Rows up to here are done. */
  after: number;
}

/** The run that takes a staged file over: first what concerns the whole file, then 5,000 rows per transaction. */
export const importRuns = (db: Database, extensions: readonly ImportExtension[]): RunKind => ({
  kind: IMPORT_RUN,
  step: (run) => db.transaction((tx) => (run.cursor === null ? prepare(tx, run) : takeRows(tx, run, run.cursor as Cursor, extensions))),
  async onEnd(tx, run) {
    await tx.run(sql`delete from import_row where import_id = ${run.subject_id}`);
    if (run.change_set_id !== null) await closeChangeSet(tx, run.change_set_id);
  },
});

/** Whoever started it; what they may fill was decided when the file came in. */
const actorOf = (run: RunRow): Actor => ({ ...(run.actor as Pick<Actor, 'kind' | 'id' | 'name'>), rights: 'all', companyIds: null });

/** Runs `work` with the run's change set; one that stays empty is not kept. Returns its id, if there is one. */
async function withChangeSet(tx: Tx, run: RunRow, work: (changeSetId: string) => Promise<void>): Promise<string | undefined> {
  const changeSetId = run.change_set_id ?? (await openChangeSet(tx, actorOf(run), { kind: 'import', reason: run.title, runId: run.id }));
  await work(changeSetId);
  return run.change_set_id !== null || (await closeChangeSet(tx, changeSetId)) ? changeSetId : undefined;
}

const addProblems = (tx: Tx, importId: string, problems: readonly ImportProblem[]): Promise<number> =>
  tx.run(sql`
    insert into import_problem (import_id, row_number, sku, column_name, value, reason)
    select ${importId}, * from unnest(${problems.map((one) => one.row)}::integer[], ${problems.map((one) => one.sku)}::text[],
      ${problems.map((one) => one.column)}::text[], ${problems.map((one) => one.value)}::text[], ${problems.map((one) => one.reason)}::text[])`);

async function prepare(tx: Tx, run: RunRow): Promise<'more' | 'finished'> {
  const file = await tx.one<ProductImportRow>(sql`select * from product_import where id = ${run.subject_id}`);
  const unreadable = await tx.one<{ rows: number }>(sql`
    with refused as (delete from import_row where import_id = ${file.id} and problems is not null returning row_number, sku, problems),
    told as (
      insert into import_problem (import_id, row_number, sku, column_name, value, reason)
      select ${file.id}, refused.row_number, refused.sku, one."column", one.value, one.reason
      from refused cross join jsonb_to_recordset(refused.problems) as one("column" text, value text, reason text))
    select count(*) as rows from refused`);
  const doubled = await tx.one<{ rows: number }>(sql`
    with placed as (select row_number, sku, min(row_number) over (partition by sku) as first_row from import_row where import_id = ${file.id}),
    refused as (
      delete from import_row r using placed
      where r.import_id = ${file.id} and r.row_number = placed.row_number and placed.row_number > placed.first_row
      returning r.row_number, r.sku, placed.first_row),
    told as (
      insert into import_problem (import_id, row_number, sku, column_name, value, reason)
      select ${file.id}, row_number, sku, 'SKU', left(sku, 120), 'stands already in row ' || first_row || '; that one was taken' from refused)
    select count(*) as rows from refused`);
  const paths = await tx.rows<{ path: string }>(
    sql`select distinct category_path as path from import_row where import_id = ${file.id} and category_path is not null`,
  );
  const changeSetId = await withChangeSet(
    tx,
    run,
    async (id) =>
      void (await ensureCategories(
        tx,
        id,
        paths.map((row) => row.path),
      )),
  );
  const refused = unreadable.rows + doubled.rows;
  const outcome: ImportOutcome = {
    profile: file.profile,
    profileName: file.profile_name,
    encoding: file.encoding,
    delimiter: file.delimiter,
    ignoredColumns: file.ignored_columns,
    created: 0,
    updated: 0,
    unchanged: 0,
    refused,
    madeSkus: file.made_skus,
    ...(await problemsOf(tx, file.id)),
  };
  await saveProgress(tx, run.id, {
    done: refused,
    failed: refused,
    cursor: { after: 0 } satisfies Cursor,
    outcome,
    ...(changeSetId === undefined ? {} : { changeSetId }),
  });
  return 'more';
}

async function problemsOf(tx: Tx, importId: string): Promise<Pick<ImportOutcome, 'problems' | 'firstProblems'>> {
  const { count } = await tx.one<{ count: number }>(sql`select count(*) as count from import_problem where import_id = ${importId}`);
  const firstProblems = await tx.rows<ImportProblem>(sql`
    select row_number as row, sku, column_name as "column", value, reason from import_problem where import_id = ${importId} order by row_number limit ${FIRST_PROBLEMS}`);
  return { problems: count, firstProblems };
}

async function takeRows(tx: Tx, run: RunRow, cursor: Cursor, extensions: readonly ImportExtension[]): Promise<'more' | 'finished'> {
  // Word indexes are brought up to date in fewer, larger goes.
  await tx.run(sql`set local work_mem = '64MB'`);
  const file = await tx.one<ProductImportRow>(sql`select * from product_import where id = ${run.subject_id}`);
  const batch = await tx.one<{ rows: number; up_to: number | null }>(sql`
    select count(*) as rows, max(row_number) as up_to
    from (select row_number from import_row where import_id = ${file.id} and row_number > ${cursor.after} order by row_number limit ${STEP_ROWS}) as batch`);
  if (batch.up_to === null) return 'finished';
  const upTo = batch.up_to;
  const source = stagedSource(file.id, cursor.after, upTo);
  const fields = new Set(file.fields.filter((field): field is Field => Object.hasOwn(productColumns, field)));
  const outcome = { ...(run.outcome as ImportOutcome) };
  let refused = 0;
  const changeSetId = await withChangeSet(tx, run, async (id) => {
    const merged = await mergeProducts(tx, id, source, fields, 'upsert');
    refused = await refuseIncomplete(tx, file.id, source);
    const updated = new Set(merged.updated);
    for (const changed of await extend(tx, run, id, file, source, extensions)) updated.add(changed);
    for (const made of merged.created) updated.delete(made);
    outcome.created += merged.created.length;
    outcome.updated += updated.size;
    outcome.unchanged += batch.rows - merged.created.length - updated.size - refused;
    outcome.refused += refused;
  });
  Object.assign(outcome, await problemsOf(tx, file.id));
  await saveProgress(tx, run.id, {
    done: run.done + batch.rows,
    failed: outcome.refused,
    cursor: { after: upTo } satisfies Cursor,
    outcome,
    ...(changeSetId === undefined ? {} : { changeSetId }),
  });
  return batch.rows < STEP_ROWS ? 'finished' : 'more';
}

/** Rows that would have made a product, but lack what a new one needs. */
async function refuseIncomplete(tx: Tx, importId: string, source: ReturnType<typeof stagedSource>): Promise<number> {
  return tx.run(sql`
    with source as (${source})
    insert into import_problem (import_id, row_number, sku, column_name, value, reason)
    select ${importId}, row_number, sku, 'SKU', left(sku, 120), 'is not known yet, and a new product needs a title and a price'
    from source where (title is null or price_minor is null) and not exists (select from product p where p.sku = source.sku)`);
}

/** Hands the values of other modules' columns on; their refusals join the problems. Returns the products they changed. */
async function extend(
  tx: Tx,
  run: RunRow,
  changeSetId: string,
  file: ProductImportRow,
  source: ReturnType<typeof stagedSource>,
  extensions: readonly ImportExtension[],
): Promise<string[]> {
  const asked = extensions.filter((extension) => Object.keys(extension.columns).some((field) => file.fields.includes(field)));
  if (asked.length === 0) return [];
  const rows = await tx.rows<ImportedRow & { row: number }>(sql`
    with source as (${source})
    select p.id as "productId", p.sku, p.title, source.extra as values, source.row_number as row
    from source join product p on p.sku = source.sku where source.extra is not null order by source.row_number`);
  const changed: string[] = [];
  for (const extension of asked) {
    const fields = Object.keys(extension.columns);
    const given = rows.filter((row) => fields.some((field) => row.values[field] !== undefined));
    const answer = await extension.apply(tx, actorOf(run), changeSetId, given);
    changed.push(...(answer.changed ?? []));
    const byProduct = new Map(given.map((row) => [row.productId, row]));
    await addProblems(
      tx,
      file.id,
      answer.rowProblems.map((problem) => {
        const row = byProduct.get(problem.productId);
        return {
          row: row?.row ?? 0,
          sku: row?.sku ?? '',
          column: extension.columns[problem.column]?.[0] ?? problem.column,
          value: problem.value.slice(0, 120),
          reason: problem.reason,
        };
      }),
    );
  }
  return changed;
}
