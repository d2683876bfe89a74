import type { TestProject } from 'vitest/node';
import { startLocalPostgres } from '../src/kit/local-postgres.ts';
import { migrate } from '../src/kit/migrate.ts';
import pg from 'pg';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the database from which test databases are made; the template is called karavan_template. */
    postgresUrl: string;
  }
}

/** One PostgreSQL for the whole test run, with a migrated template that every test file copies. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startLocalPostgres({ throwaway: true });
  const admin = new pg.Client({ connectionString: postgres.adminUrl });
  await admin.connect();
  await admin.query('create database karavan_template');
  await admin.end();
  const template = new URL(postgres.adminUrl);
  template.pathname = '/karavan_template';
  await migrate(template.href);
  project.provide('postgresUrl', postgres.adminUrl);
  return () => postgres.stop();
}
