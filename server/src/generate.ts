import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { describeSchema } from './describe-schema.ts';
import { settingsTable } from './kit/config.ts';
import { startLocalPostgres } from './kit/local-postgres.ts';
import { migrate } from './kit/migrate.ts';

const root = new URL('../../', import.meta.url);

/** Where each generated file of a schema description belongs. */
export const tablesPath = (owner: string): string => (owner === 'kit' ? 'server/src/kit/tables.ts' : `server/src/modules/${owner}/tables.ts`);

/** The settings page of the documentation. */
export const settingsPage = (): string =>
  `# Settings\n\nGenerated from \`server/src/kit/config.ts\` by \`npm run generate\`. Every setting is an environment variable; a value that cannot be used stops the start with one sentence.\n\n${settingsTable()}`;

/** Writes schema.sql, the row types, openapi.json and the settings page anew. */
async function generate(): Promise<void> {
  const postgres = await startLocalPostgres({ throwaway: true });
  try {
    await migrate(postgres.url);
    const schema = await describeSchema(postgres.url);
    await writeFile(new URL('server/schema.sql', root), schema.sql);
    for (const [owner, text] of schema.tables) await writeFile(new URL(tablesPath(owner), root), text);
  } finally {
    await postgres.stop();
  }
  await mkdir(new URL('docs/', root), { recursive: true });
  await writeFile(new URL('docs/settings.md', root), settingsPage());
  if (process.argv.includes('--schema-only') || !existsSync(new URL('server/src/modules/desk/contract.ts', root))) return;
  const { openApiDocument } = await import('./openapi.ts');
  await writeFile(new URL('server/openapi.json', root), `${JSON.stringify(await openApiDocument(), null, 2)}\n`);
}

if (import.meta.main) await generate();
