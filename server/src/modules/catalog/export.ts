import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { hasRight } from '../../kit/actor.ts';
import type { Actor } from '../../kit/actor.ts';
import { raw, sql } from '../../kit/db.ts';
import type { Database, Sql } from '../../kit/db.ts';
import { currencyExponent } from '../../kit/money.ts';
import type { ProductFilter } from './contract.ts';
import { allOf, conditionsOf } from './filters.ts';
import { ownFile } from './import-file.ts';
import { exportSource } from './reads.ts';

export type ExportPurpose = 'import' | 'spreadsheet';

/** Codes of currencies with that many decimal places, as a PostgreSQL array. */
const currenciesOf = (places: number): string =>
  `'{${Intl.supportedValuesOf('currency')
    .filter((code) => currencyExponent(code) === places)
    .join()}}'`;

/** Minor units → decimal text in the currency's own number of places: the factor's places decide. */
const money = (minor: string): string =>
  `${minor} * case when p.currency = any (${currenciesOf(0)}) then 1 when p.currency = any (${currenciesOf(3)}) then 0.001 when p.currency = any (${currenciesOf(4)}) then 0.0001 else 0.01 end`;

const option = (place: number): [string, string][] => [
  [`option${place}_name`, `options.names[${place}]`],
  [`option${place}_value`, `options.values[${place}]`],
];

/** Field of our file → SQL over the export source, in the order of the columns. */
const columns: readonly (readonly [field: string, expression: string])[] = [
  ['sku', 'p.sku'],
  ['title', 'p.title'],
  ['status', 'p.status'],
  ['price', money('p.price_minor')],
  ['compare_at_price', money('p.compare_at_minor')],
  ['currency', 'p.currency'],
  ['vat_rate', 'trim_scale(p.vat_rate)'],
  ['barcode', 'p.barcode'],
  ['brand', 'p.brand'],
  ['category', 'c.path'],
  ['tags', "array_to_string(p.tags, ', ')"],
  ['group', 'g.handle'],
  ['group_title', 'g.title'],
  ...option(1),
  ...option(2),
  ...option(3),
  ['weight_grams', 'trim_scale(p.weight_grams)'],
  ['length_mm', 'trim_scale(p.length_mm)'],
  ['width_mm', 'trim_scale(p.width_mm)'],
  ['height_mm', 'trim_scale(p.height_mm)'],
  ['location', 'p.warehouse_location'],
  ['image_urls', 'pictures.urls'],
  ['image_alts', "nullif(rtrim(pictures.alts, E'\\n'), '')"],
  ['attributes', "nullif(p.attributes, '{}')::text"],
  ['drive_folder_url', 'p.drive_folder_url'],
  ['description', 'p.description'],
  ['cost', 'trim_scale(cost.unit_cost)'],
  ['cost_currency', 'cost.currency'],
];
/** The stock of composites follows from their components, so it is no value to import. */
const stockColumns: readonly (readonly [heading: string, expression: string])[] = [
  ['Stock', 'case when not p.is_composite then trim_scale(ps.on_hand) end'],
  ['Reorder point', 'trim_scale(it.reorder_point)'],
  ['Available', 'trim_scale(ps.available)'],
  ['Reserved', 'trim_scale(ps.reserved)'],
  ['Composite', "case when p.is_composite then 'yes' else 'no' end"],
  ['Created', `to_char(p.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`],
  ['Updated', `to_char(p.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`],
];

/** Columns that hold numbers, codes of ours or dates: nothing to neutralise. */
const harmless = /^(?:to_char|trim_scale|case|p\.status|p\.currency|p\.price_minor|p\.compare_at_minor|cost\.currency)/;

/** A text that a spreadsheet would run as a formula gets a leading apostrophe; plain numbers stay numbers. */
const safe = (expression: string): string =>
  harmless.test(expression)
    ? expression
    : `case when ${expression} ~ E'^[=+@\\t\\r\\n\\uFF1D\\uFF0B\\uFF0D\\uFF20-]' and ${expression} !~ '^-?\\d+([.,]\\d+)?$' then '''' || ${expression} else ${expression} end`;

/** The statement with its values written into it: COPY takes no parameters. */
function withValues(statement: Sql): string {
  return statement.strings.reduce((text, part, at) => text + literal(statement.values[at - 1]) + part);
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return pg.escapeLiteral(value);
  if (value instanceof Date) return `'${value.toISOString()}'`;
  if (Array.isArray(value)) return pg.escapeLiteral(`{${value.map((one) => `"${String(one).replace(/["\\]/g, '\\$&')}"`).join(',')}}`);
  throw new Error('A value of this kind cannot be written into a COPY statement.');
}

/** The CSV of a query as PostgreSQL makes it, chunk by chunk at the reader's pace; closing early ends the query. */
export async function* copyCsv(db: Database, query: Sql, options: { bom: boolean }): AsyncGenerator<Buffer> {
  const client = await db.pool.connect();
  let finished = false;
  const broken = (): void => undefined;
  client.on('error', broken);
  try {
    if (options.bom) yield Buffer.from('\ufeff');
    const stream = client.query(copyTo(`copy (${withValues(query)}) to stdout with (format csv, header, force_quote *)`));
    for await (const chunk of stream) yield chunk as Buffer;
    finished = true;
  } finally {
    client.off('error', broken);
    // A connection in the middle of a COPY is of no use to anybody else.
    client.release(!finished);
  }
}

/** Products of a filter as a CSV stream, oldest first; costs only for those who may read them. */
export async function exportProducts(db: Database, actor: Actor, filter: ProductFilter, purpose: ExportPurpose): Promise<AsyncGenerator<Buffer>> {
  const conditions = await conditionsOf(db, actor, filter);
  const shown = columns
    .filter(([field]) => !field.startsWith('cost') || hasRight(actor, 'costs.read'))
    .map(([field, expression]) => [ownFile.columns[field]?.[0] ?? field, expression] as const);
  const select = [...shown, ...stockColumns].map(
    ([heading, expression]) => `${purpose === 'spreadsheet' ? safe(expression) : expression} as ${pg.escapeIdentifier(heading)}`,
  );
  return copyCsv(db, exportSource(allOf(conditions), raw(select.join(', '))), { bom: purpose === 'spreadsheet' });
}

/** What an import refused, as CSV that is safe to open. */
export const exportProblems = (db: Database, importId: string): AsyncGenerator<Buffer> =>
  copyCsv(
    db,
    sql`select row_number as "Row", ${raw(safe('sku'))} as "SKU", ${raw(safe('column_name'))} as "Column", ${raw(safe('value'))} as "Value", reason as "Reason"
      from import_problem where import_id = ${importId}::uuid order by row_number, column_name`,
    { bom: true },
  );
