import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { openDatabase } from '../src/kit/db.ts';
import type { Database } from '../src/kit/db.ts';
import { systemClock } from '../src/kit/clock.ts';
import type { Clock } from '../src/kit/clock.ts';

/** Address of a fresh copy of the migrated template; dropped when the test file is done. */
export async function testDatabaseUrl(): Promise<string> {
  const adminUrl = inject('postgresUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const admin = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: adminUrl });
    await client.connect();
    try {
      // Two copies of one template at the same moment refuse each other: wait for the turn.
      await client.query('select pg_advisory_lock(1)');
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await admin(`create database ${name} template karavan_template`);
  afterAll(() => admin(`drop database ${name} with (force)`));
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

export interface TestDatabaseOptions {
  clock?: Clock;
  subscriptions?: Readonly<Record<string, readonly string[]>>;
}

/** An open, migrated, empty database of its own for a test file. */
export async function testDatabase(options: TestDatabaseOptions = {}): Promise<Database> {
  const db = openDatabase({
    url: await testDatabaseUrl(),
    clock: options.clock ?? systemClock,
    maxConnections: 6,
    ...(options.subscriptions === undefined ? {} : { subscriptions: options.subscriptions }),
  });
  afterAll(() => db.close());
  return db;
}
