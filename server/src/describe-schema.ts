import pg from 'pg';

interface Column {
  table: string;
  name: string;
  type: string;
  nullable: boolean;
  fallback: string | null;
  identity: string;
}

interface Named {
  table: string;
  name: string;
  definition: string;
}

/** A migrated database as text: `sql` for review, `tables` as row types per owning module. Both are compared in the tests. */
export interface SchemaDescription {
  sql: string;
  /** Module name → text of its tables.ts. */
  tables: Map<string, string>;
  /** Table → module, from the first word of the table's comment. */
  owners: Map<string, string>;
}

/** What pg hands to the program for a PostgreSQL type. */
const programTypes: Record<string, string> = {
  uuid: 'string',
  text: 'string',
  boolean: 'boolean',
  integer: 'number',
  smallint: 'number',
  bigint: 'number',
  jsonb: 'unknown',
  date: 'string',
  'timestamp with time zone': 'Date',
  bytea: 'Buffer',
  'text[]': 'string[]',
  'integer[]': 'number[]',
  'uuid[]': 'string[]',
};

const programType = (type: string): string => {
  const known = programTypes[type];
  if (known !== undefined) return known;
  // Decimals stay text so that nothing is lost on the way; what is only shown is cast where it is read.
  if (type.startsWith('numeric')) return 'string';
  throw new Error(`describe-schema.ts does not know the type ${type}`);
};

/** `check (state = any (array['a','b']))` on one column → the union of its literals. */
const literalUnion = (table: string, column: string, checks: readonly Named[]): string | undefined => {
  for (const check of checks) {
    if (check.table !== table || !check.definition.startsWith(`CHECK ((${column} = ANY (ARRAY[`)) continue;
    return [...check.definition.matchAll(/'([^']+)'::text/g)].map((match) => `'${match[1]}'`).join(' | ');
  }
  return undefined;
};

const pascal = (table: string): string =>
  table
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** Reads the catalogue of a migrated database. */
export async function describeSchema(url: string): Promise<SchemaDescription> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const read = async <R extends object>(text: string): Promise<R[]> => (await client.query<R>(text)).rows;
    const comments = await read<{ table: string; comment: string | null; schema: string }>(`
      select c.relname as table, n.nspname as schema, obj_description(c.oid) as comment from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('public', 'auth') and c.relkind = 'r' and c.relname <> 'schema_migration' order by n.nspname desc, c.relname`);
    const columns = await read<Column>(`
      select case when n.nspname = 'public' then '' else n.nspname || '.' end || c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable,
        pg_get_expr(d.adbin, d.adrelid) as fallback, a.attidentity as identity
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where n.nspname in ('public', 'auth') and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped order by 1, a.attnum`);
    const constraints = await read<Named & { kind: string }>(`
      select case when n.nspname = 'public' then '' else n.nspname || '.' end || c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition, k.contype as kind
      from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('public', 'auth') and k.contype <> 'n' order by 1, k.contype desc, k.conname`);
    const indexes = await read<Named>(`
      select case when n.nspname = 'public' then '' else n.nspname || '.' end || t.relname as table, i.relname as name, pg_get_indexdef(x.indexrelid) as definition
      from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid join pg_namespace n on n.oid = t.relnamespace
      where n.nspname in ('public', 'auth') and not exists (select from pg_constraint k where k.conindid = x.indexrelid and k.contype in ('p', 'u', 'x')) order by 1, 2`);
    const functions = await read<{ definition: string }>(`
      select pg_get_functiondef(p.oid) as definition from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = 'public' and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e') order by p.proname`);
    const checks = constraints.filter((one) => one.kind === 'c');

    const owners = new Map<string, string>();
    const parts: string[] = [];
    const types = new Map<string, string[]>();
    for (const { table: bare, schema, comment } of comments) {
      const table = schema === 'public' ? bare : `${schema}.${bare}`;
      const owner = /^(\w+):/.exec(comment ?? '')?.[1];
      if (owner === undefined) throw new Error(`Table ${table} needs a comment that begins with the module that owns it, like "catalog: …"`);
      owners.set(table, owner);
      const own = columns.filter((column) => column.table === table);
      const body = [
        ...own.map(
          (column) =>
            `  ${column.name} ${column.type}${column.nullable ? '' : ' not null'}${column.fallback === null ? '' : ` default ${column.fallback}`}${column.identity === '' ? '' : ' generated always as identity'}`,
        ),
        ...constraints.filter((one) => one.table === table).map((one) => `  constraint ${one.name} ${one.definition}`),
      ];
      parts.push(
        [
          `-- ${comment}`,
          `create table ${table} (`,
          body.join(',\n'),
          ');',
          ...indexes.filter((one) => one.table === table).map((one) => `${one.definition};`),
          '',
        ].join('\n'),
      );
      const rows = own.map((column) => {
        const type = literalUnion(table, column.name, checks) ?? programType(column.type);
        return `  ${column.name}: ${type}${column.nullable && type !== 'unknown' ? ' | null' : ''};`;
      });
      const text = `/** ${(comment ?? '').replace(/^\w+: /, '')} */\nexport interface ${pascal(bare)}Row {\n${rows.join('\n')}\n}\n`;
      types.set(owner, [...(types.get(owner) ?? []), text]);
    }
    return {
      sql: [
        '-- Generated from the migrations by `npm run generate`; a test compares it. Not run by anything.',
        '',
        ...parts,
        ...functions.map((one) => `${one.definition.trim()};\n`),
      ].join('\n'),
      tables: new Map(
        [...types].map(([owner, texts]) => [
          owner,
          `/* Generated from the migrated database by \`npm run generate\`; a test compares it. */\n\n${texts.join('\n')}`,
        ]),
      ),
      owners,
    };
  } finally {
    await client.end();
  }
}
