import pg from 'pg';
import type { ChannelOrderRecord } from '../../connectors/connector.ts';
import { systemActor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import type { Tx } from '../../kit/db.ts';
import { lockOrders, settleOrders } from './consequences.ts';
import { keptStatus, mergePackage, readPackages, writeLines, writePackages } from './packages.ts';
import type { OrderChannel, PackageChange, Via } from './packages.ts';
import { openQuarantine, quarantine, resolveQuarantine } from './quarantine.ts';
import type { Unusable } from './quarantine.ts';
import { waitingOfPackages } from './reads.ts';
import { toPackage, UnusableRecord } from './records.ts';
import type { PackageFacts } from './records.ts';
import { orderStatus } from './status.ts';
import type { Happening } from './timeline.ts';

/** Most packages that are written by one set of statements. */
const PAGE = 200;

/** What a page of messages did. The counts are of packages. */
export interface Ingested {
  created: number;
  advanced: number;
  /** Older than, or equal to, what we knew. */
  unchanged: number;
  quarantined: number;
}

interface Readable {
  record: ChannelOrderRecord;
  facts: PackageFacts;
}

/**
 * The one way in for orders, however they come. Writes packages that are newer than what is known, matches their lines, creates or
 * advances their orders, promises and moves stock, and tells the timeline; all in this transaction. Repeated, late and reordered messages
 * change nothing that the newest ones did not. A message that cannot be used is quarantined with its reason and never stops the others.
 */
export async function ingest(tx: Tx, channel: OrderChannel, records: readonly ChannelOrderRecord[], via: Via): Promise<Ingested> {
  const total: Ingested = { created: 0, advanced: 0, unchanged: 0, quarantined: 0 };
  for (let at = 0; at < records.length; at += PAGE) {
    const done = await ingestPage(tx, channel, records.slice(at, at + PAGE), via);
    for (const key of Object.keys(total) as (keyof Ingested)[]) total[key] += done[key];
  }
  return total;
}

async function ingestPage(tx: Tx, channel: OrderChannel, records: readonly ChannelOrderRecord[], via: Via): Promise<Ingested> {
  const unusable: Unusable[] = [];
  const readable: Readable[] = [];
  for (const record of records) {
    try {
      readable.push({ record, facts: toPackage(record) });
    } catch (error) {
      unusable.push({ externalId: String(record.externalId), reason: reasonOf(error), raw: record.raw });
    }
  }
  const suspects = await openQuarantine(
    tx,
    channel.id,
    readable.map(({ facts }) => facts.externalId),
  );
  // What failed before is tried apart, so that it does not slow the page down every time.
  const sound = readable.filter(({ facts }) => !suspects.has(facts.externalId));
  const apart = readable.filter(({ facts }) => suspects.has(facts.externalId));
  const total: Ingested = { created: 0, advanced: 0, unchanged: 0, quarantined: 0 };
  const add = (done: Ingested): void => {
    for (const key of Object.keys(total) as (keyof Ingested)[]) total[key] += done[key];
  };
  try {
    add(
      await within(tx, () =>
        writePage(
          tx,
          channel,
          sound.map(({ facts }) => facts),
          via,
        ),
      ),
    );
  } catch (error) {
    if (!isPoison(error)) throw error;
    apart.push(...sound);
  }
  const succeeded: string[] = [];
  for (const { record, facts } of apart.toSorted((a, b) => a.facts.modifiedAt.getTime() - b.facts.modifiedAt.getTime())) {
    try {
      add(await within(tx, () => writePage(tx, channel, [facts], via)));
      succeeded.push(facts.externalId);
    } catch (error) {
      if (!isPoison(error)) throw error;
      unusable.push({ externalId: facts.externalId, reason: reasonOf(error), raw: record.raw });
    }
  }
  await quarantine(tx, channel.id, unusable);
  const failed = new Set(unusable.map((message) => message.externalId));
  if (succeeded.length > 0)
    await resolveQuarantine(
      tx,
      channel.id,
      succeeded.filter((id) => !failed.has(id)),
    );
  return { ...total, quarantined: unusable.length };
}

/** Runs `work` behind a savepoint: when it throws, the transaction stands as it did before. */
async function within<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await tx.run(sql`savepoint records`);
  try {
    const result = await work();
    await tx.run(sql`release savepoint records`);
    return result;
  } catch (error) {
    await tx.run(sql`rollback to savepoint records`);
    throw error;
  }
}

/** A record's own fault: data the database refuses, or a record our code trips over. Deadlocks, time-outs and lost connections are not. */
const isPoison = (error: unknown): boolean =>
  error instanceof pg.DatabaseError
    ? error.code?.startsWith('22') === true || error.code?.startsWith('23') === true
    : error instanceof UnusableRecord || error instanceof TypeError || error instanceof RangeError;

function reasonOf(error: unknown): string {
  if (error instanceof UnusableRecord) return error.message;
  const detail = error instanceof Error ? error.message : String(error);
  return `It could not be written down: ${detail}`;
}

async function writePage(tx: Tx, channel: OrderChannel, told: readonly PackageFacts[], via: Via): Promise<Ingested> {
  const unchanged: Ingested = { created: 0, advanced: 0, unchanged: told.length, quarantined: 0 };
  if (told.length === 0) return unchanged;
  const known = new Map(
    (
      await readPackages(
        tx,
        channel.id,
        told.map((facts) => facts.externalId),
      )
    ).map((row) => [row.external_id, row]),
  );
  const news = told
    .filter((facts) => !(facts.modifiedAt <= (known.get(facts.externalId)?.modified_at ?? new Date(-8.64e15))))
    .toSorted((a, b) => a.modifiedAt.getTime() - b.modifiedAt.getTime());
  if (news.length === 0) return unchanged;

  const orders = await ensureOrders(
    tx,
    channel,
    news.filter((facts) => !known.has(facts.externalId)),
    via,
  );
  const orderOf = (facts: PackageFacts): string => known.get(facts.externalId)?.order_id ?? orders.ids.get(facts.externalNumber) ?? '';
  await lockOrders(tx, [...new Set(news.map(orderOf))]);
  // Somebody may have written the same packages while we waited for the lock.
  const stored = new Map(
    (
      await readPackages(
        tx,
        channel.id,
        news.map((facts) => facts.externalId),
      )
    ).map((row) => [row.external_id, row]),
  );
  const changes = new Map<string, PackageChange>();
  for (const facts of news) {
    const currency = stored.get(facts.externalId)?.currency ?? facts.currency;
    if (currency !== facts.currency) throw new UnusableRecord(`It is in ${facts.currency} now and was in ${currency} before.`);
    const change = mergePackage(channel, changes.get(facts.externalId) ?? stored.get(facts.externalId), facts, tx.newId(), orderOf(facts));
    if (change !== undefined) changes.set(facts.externalId, change);
  }
  const written = [...changes.values()];
  if (written.length === 0) return unchanged;

  await writePackages(tx, channel, written, via);
  const { mapped, told: matched } = await writeLines(tx, channel, written);
  const fresh = written.filter((change) => change.isNew);
  await tellLowered(
    tx,
    fresh.filter((change) => change.facts.status === 'cancelled').map((change) => change.id),
  );
  const unmatched = await waitingOfPackages(
    tx,
    fresh.map((change) => change.id),
  );
  if (unmatched.length > 0)
    tx.emit(
      'channel_order.unmatched',
      fresh.map((change) => change.id),
    );
  await settleOrders(tx, systemActor, [...new Set(written.map((change) => change.orderId))], {
    mapped,
    fresh: new Set(fresh.map((change) => change.id)),
    told: [...arrivals(written, orders.created, via), ...written.flatMap(keptStatus), ...matched],
  });
  return { created: fresh.length, advanced: written.length - fresh.length, unchanged: told.length - written.length, quarantined: 0 };
}

/** What the timeline says of packages seen for the first time: the order's first one is the order. */
/**
 * A package that was placed and cancelled before we first saw it never reserved anything here, but its platform lowered the quantity
 * by itself: what we want there has to be said again although it has not changed.
 */
async function tellLowered(tx: Tx, packageIds: readonly string[]): Promise<void> {
  if (packageIds.length === 0) return;
  const rows = await tx.rows<{ product_id: string }>(sql`
    select distinct product_id from order_line where channel_order_id = any(${packageIds}::uuid[]) and product_id is not null`);
  tx.emit(
    'stock.lowered_there',
    rows.map((row) => row.product_id),
  );
}

function arrivals(changes: readonly PackageChange[], created: ReadonlySet<string>, via: Via): Happening[] {
  const begun = new Set<string>();
  return changes.flatMap((change): Happening[] => {
    if (!change.isNew) return [];
    const isOrder = created.has(change.orderId) && !begun.has(change.orderId);
    begun.add(change.orderId);
    return [
      isOrder
        ? { orderId: change.orderId, kind: 'order_received', data: { via } }
        : { orderId: change.orderId, kind: 'package_received', data: { package: change.facts.externalId, status: change.reported } },
      ...(change.leftBefore ? [{ orderId: change.orderId, kind: 'stock_before' as const, data: { package: change.facts.externalId } }] : []),
    ];
  });
}

/** The orders that new packages belong to, by the platform's number; missing ones are made, once also when two pages come at the same moment. */
async function ensureOrders(
  tx: Tx,
  channel: OrderChannel,
  news: readonly PackageFacts[],
  via: Via,
): Promise<{ ids: Map<string, string>; created: Set<string> }> {
  const first = new Map<string, PackageFacts>();
  for (const facts of news) if (!first.has(facts.externalNumber)) first.set(facts.externalNumber, facts);
  const numbers = [...first.keys()].toSorted();
  if (numbers.length === 0) return { ids: new Map(), created: new Set() };
  const rows = numbers.map((number) => {
    const facts = first.get(number) as PackageFacts;
    return { id: tx.newId(), number, facts, status: orderStatus([facts.status]) ?? 'new' };
  });
  const created = await tx.rows<{ id: string }>(sql`
    insert into "order" (id, number, channel_id, company_id, external_number, status, currency, total_minor, ordered_at, received_by, created_at, updated_at)
    select told.id, nextval('order_number_seq')::text, ${channel.id}, ${channel.company_id}, told.number, told.status, told.currency, 0, told.ordered_at, ${via}, ${tx.now}, ${tx.now}
    from unnest(${rows.map((row) => row.id)}::uuid[], ${numbers}::text[], ${rows.map((row) => row.status)}::text[], ${rows.map((row) => row.facts.currency)}::text[],
      ${rows.map((row) => row.facts.orderedAt)}::timestamptz[]) as told(id, number, status, currency, ordered_at)
    where not exists (select from "order" as known where known.channel_id = ${channel.id} and known.external_number = told.number)
    order by told.number
    on conflict (channel_id, external_number) do nothing returning id`);
  const all = await tx.rows<{ id: string; external_number: string; currency: string }>(sql`
    select id, external_number, currency from "order" where channel_id = ${channel.id} and external_number = any(${numbers}::text[])`);
  const currencies = new Map(all.map((row) => [row.external_number, row.currency]));
  const odd = news.find((facts) => currencies.get(facts.externalNumber) !== facts.currency);
  if (odd !== undefined)
    throw new UnusableRecord(`It is in ${odd.currency}, while the other packages of order ${odd.externalNumber} are in ${currencies.get(odd.externalNumber)}.`);
  return { ids: new Map(all.map((row) => [row.external_number, row.id])), created: new Set(created.map((row) => row.id)) };
}
