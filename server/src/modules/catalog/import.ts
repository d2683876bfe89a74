import type { ImportProfile } from '../../connectors/connector.ts';
import type { Actor } from '../../kit/actor.ts';
import { hasRight } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import type { Database, Db } from '../../kit/db.ts';
import { newId } from '../../kit/ids.ts';
import { AppError, notFound } from '../../kit/errors.ts';
import { getShop } from '../accounts/accounts.ts';
import { getRun, startRun } from '../sync/sync.ts';
import type { RunRow } from '../sync/sync.ts';
import { catalogErrors } from './contract.ts';
import { openCsv } from './csv.ts';
import type { Field } from './fields.ts';
import { layoutOf, productFieldOf } from './import-file.ts';
import type { Layout } from './import-file.ts';
import type { ImportExtension } from './import-merge.ts';
import { RowReader } from './import-rows.ts';
import { Staging } from './staging.ts';

export const IMPORT_RUN = 'catalog.import';

export interface IncomingFile {
  body: AsyncIterable<Buffer>;
  filename: string;
  /** Id of a profile; undefined: recognised by the headings. */
  profile: string | undefined;
  /** Of prices that name none; undefined: the home currency. */
  currency: string | undefined;
}

/**
 * Reads a product file as it arrives into staging rows and starts the run that takes them over. Refuses what is no CSV, has no known
 * heading or no rows; wrong rows are left to the run, which reports them. Nothing stays behind when the file breaks off.
 */
export async function receiveImport(
  db: Database,
  actor: Actor,
  file: IncomingFile,
  known: { extensions: readonly ImportExtension[]; profiles: readonly ImportProfile[] },
): Promise<RunRow> {
  const { extensions } = known;
  const csv = await openCsv(file.body);
  const allowed = extensions.filter((extension) => extension.right === undefined || hasRight(actor, extension.right));
  const columns = Object.assign({}, ...extensions.map((extension) => extension.columns)) as ImportExtension['columns'];
  const layout = layoutOf(csv.headings, { platforms: known.profiles, extra: columns, wanted: file.profile });
  const leaveOut = (field: string): void => dropColumn(layout, field);
  if (!hasRight(actor, 'costs.write')) for (const field of ['cost', 'cost_currency']) leaveOut(field);
  if (!layout.columns.has('price')) leaveOut('compare_at_price');
  for (const field of extensions.filter((extension) => !allowed.includes(extension)).flatMap((extension) => Object.keys(extension.columns))) leaveOut(field);
  const extra = allowed.flatMap((extension) => Object.keys(extension.columns)).filter((field) => layout.columns.has(field));
  const currency = file.currency ?? (await getShop(db)).currency;

  const importId = newId();
  const staging = new Staging(db, importId);
  const reader = new RowReader({ layout, currency, extra });
  await db.transaction((tx) =>
    tx.run(sql`
      insert into product_import (id, filename, profile, profile_name, encoding, delimiter, fields, ignored_columns, currency, created_at)
      values (${importId}, ${file.filename}, ${layout.profile.id}, ${layout.profile.name}, '', ${csv.delimiter}, ${fieldsOf(layout, extra)}, ${layout.ignored.slice(0, 100).map((heading) => heading.slice(0, 100))}, ${currency}, ${tx.now})`),
  );
  try {
    for await (const rows of csv.rows) await staging.add(reader.read(rows));
    await staging.add(reader.end());
    await staging.flush();
    if (staging.count === 0) throw new AppError(catalogErrors['import.file_empty']);
    return await db.transaction(async (tx) => {
      await tx.run(
        sql`update product_import set encoding = ${csv.encoding()}, staged = ${staging.count}, made_skus = ${reader.madeSkus} where id = ${importId}`,
      );
      const { id } = await startRun(tx, actor, {
        kind: IMPORT_RUN,
        title: `Import of ${file.filename}`,
        subjectKind: 'product_import',
        subjectId: importId,
        total: staging.count,
      });
      return getRun(tx, actor, id);
    });
  } catch (error) {
    await db.run(sql`delete from product_import where id = ${importId}`);
    throw error;
  }
}

function dropColumn(layout: Layout, field: string): void {
  const at = layout.columns.get(field);
  if (at === undefined) return;
  (layout.columns as Map<string, number>).delete(field);
  layout.ignored.push(layout.headings[at] ?? field);
}

/** Product fields the file fills, then the fields of other modules. */
function fieldsOf(layout: Layout, extra: readonly string[]): string[] {
  const fields = new Set<Field>([...layout.columns.keys()].flatMap((field) => productFieldOf[field] ?? []));
  // Variants of one handle are a group, although no column says so.
  if (fields.has('options') && layout.profile.groupBy !== undefined) fields.add('group');
  return [...fields, ...extra];
}

/** The file behind a run of this kind; anything else is a 404. */
export async function getImportOf(db: Db, actor: Actor, runId: string): Promise<{ importId: string; title: string }> {
  const run = await getRun(db, actor, runId);
  if (run.kind !== IMPORT_RUN || run.subject_id === null) throw notFound('import');
  return { importId: run.subject_id, title: run.title };
}

/** Forgets files that broke off with their process, and those whose run has been forgotten, with their problems. */
export const forgetOldImports = (db: Db, now: Date): Promise<number> =>
  db.run(sql`
    delete from product_import i
    where i.created_at < ${new Date(now.getTime() - 24 * 3600 * 1000)} and not exists (select from run r where r.subject_id = i.id)`);
