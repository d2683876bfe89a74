/* The typed list of namespaces: one line per feature, one file per line. Types only; texts load with their pages. */
import type accounts from './accounts.ts';
import type activity from './activity.ts';
import type catalog from './catalog.ts';
import type channels from './channels.ts';
import type desk from './desk.ts';
import type orders from './orders.ts';
import type common from './common.ts';
import type inventory from './inventory.ts';
import type settings from './settings.ts';

export interface Namespaces {
  common: typeof common;
  orders: typeof orders;
  desk: typeof desk;
  channels: typeof channels;
  accounts: typeof accounts;
  activity: typeof activity;
  settings: typeof settings;
  catalog: typeof catalog;
  inventory: typeof inventory;
}

export type Namespace = keyof Namespaces;
