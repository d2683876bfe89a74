import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { describeSchema } from '../src/describe-schema.ts';
import { settingsPage, tablesPath } from '../src/generate.ts';
import { openApiDocument } from '../src/openapi.ts';
import { testDatabaseUrl } from './database.ts';

const root = new URL('../../', import.meta.url);
const file = (path: string): Promise<string> => readFile(new URL(path, root), 'utf8');

test('schema.sql and every tables.ts say what the migrations make', async () => {
  const schema = await describeSchema(await testDatabaseUrl());
  expect(await file('server/schema.sql')).toBe(schema.sql);
  for (const [owner, text] of schema.tables) expect(await file(tablesPath(owner)), owner).toBe(text);
});

test('openapi.json is what the contracts make', async () => {
  expect(JSON.parse(await file('server/openapi.json'))).toEqual(JSON.parse(JSON.stringify(await openApiDocument())));
});

test('the settings page is what the code reads', async () => {
  expect(await file('docs/settings.md')).toBe(settingsPage());
});
