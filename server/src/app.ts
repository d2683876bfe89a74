import { hostname } from 'node:os';
import { connectors, importProfiles } from './connectors/registry.ts';
import type { Connector, ImportProfile } from './connectors/connector.ts';
import type { Config } from './kit/config.ts';
import { systemClock } from './kit/clock.ts';
import type { Clock } from './kit/clock.ts';
import { openDatabase } from './kit/db.ts';
import type { Database } from './kit/db.ts';
import type { Loop, Schedule } from './kit/jobs.ts';
import { createLog } from './kit/log.ts';
import type { Logger } from './kit/log.ts';
import { createQuota } from './kit/quota.ts';
import type { Quota } from './kit/quota.ts';
import { createVault } from './kit/vault.ts';
import type { Vault } from './kit/vault.ts';
import type { Undo } from './modules/accounts/changes.ts';
import { createSignIn } from './modules/accounts/sign-in.ts';
import type { SignIn } from './modules/accounts/sign-in.ts';
import type { ImportExtension } from './modules/catalog/catalog.ts';
import type { RunKind } from './modules/sync/sync.ts';
import { modules } from './modules.ts';

/** The one application: what routes, jobs and the command line are handed. Stops at the edge; modules' functions take a Db or Tx. */
export interface App {
  config: Config;
  db: Database;
  log: Logger;
  clock: Clock;
  vault: Vault;
  quota: Quota;
  signIn: SignIn;
  connectors: readonly Connector[];
  /** Entity kind → how its changes are taken back. */
  undoers: ReadonlyMap<string, Undo>;
  runKinds: ReadonlyMap<string, RunKind>;
  /** Product files of platforms that the import recognises. */
  importProfiles: readonly ImportProfile[];
  /** Columns of product files that modules after catalog understand. */
  importExtensions: readonly ImportExtension[];
  loops: readonly Loop[];
  schedules: readonly Schedule[];
  workerId: string;
  /** There while this is a demo shop. */
  demo?: { end(): Promise<void> };
  close(): Promise<void>;
}

/** What a module adds to the house; read once at start. */
export interface ModuleParts {
  /** Event type → loops of this module that react to it. */
  subscriptions?: Readonly<Record<string, readonly string[]>>;
  undo?: Readonly<Record<string, Undo>>;
  importExtensions?: readonly ImportExtension[];
  runs?: (app: App) => readonly RunKind[];
  loops?: (app: App) => readonly Loop[];
  schedules?: (app: App) => readonly Schedule[];
}

export interface AppOptions {
  config: Config;
  databaseUrl: string;
  /** The first seals, all open. */
  secrets: readonly [string, ...string[]];
  clock?: Clock;
  log?: Logger;
  connectors?: readonly Connector[];
}

/** Builds the App on a migrated database. Nothing runs yet: `startApi` and `startWorker` do that. */
export async function createApp(options: AppOptions): Promise<App> {
  const clock = options.clock ?? systemClock;
  const log = options.log ?? createLog(options.config.logLevel);
  const subscriptions: Record<string, string[]> = {};
  for (const part of modules) {
    for (const [type, loops] of Object.entries(part.subscriptions ?? {})) (subscriptions[type] ??= []).push(...loops);
  }
  const db = openDatabase({ url: options.databaseUrl, clock, subscriptions, onError: (error) => log.warn({ err: error }, 'a database connection was lost') });
  const vault = createVault(options.secrets);
  const app: App = {
    config: options.config,
    db,
    log,
    clock,
    vault,
    quota: createQuota(db, clock),
    signIn: createSignIn({ config: options.config, databaseUrl: options.databaseUrl, secret: options.secrets[0], db, clock }),
    connectors: options.connectors ?? connectors,
    undoers: new Map(modules.flatMap((part) => Object.entries(part.undo ?? {}))),
    runKinds: new Map(),
    importProfiles,
    importExtensions: modules.flatMap((part) => part.importExtensions ?? []),
    loops: [],
    schedules: [],
    workerId: `${hostname()}.${process.pid}`,
    async close() {
      await app.signIn.close();
      await db.close();
    },
  };
  app.runKinds = new Map(modules.flatMap((part) => part.runs?.(app) ?? []).map((kind) => [kind.kind, kind]));
  app.loops = modules.flatMap((part) => part.loops?.(app) ?? []);
  app.schedules = modules.flatMap((part) => part.schedules?.(app) ?? []);
  return app;
}
