import { convertMinor, toMoney } from '../../kit/money.ts';
import type { Money } from '../../kit/money.ts';
import { hasRight } from '../../kit/actor.ts';
import type { Actor } from '../../kit/actor.ts';
import { join, sql } from '../../kit/db.ts';
import type { Db, Sql } from '../../kit/db.ts';
import { rateOn } from '../accounts/accounts.ts';
import type { Hit, Today } from './contract.ts';

/** Rows of companies the actor may see. */
const visible = (actor: Actor, column: Sql): Sql => sql`(${actor.companyIds}::uuid[] is null or ${column} = any(${actor.companyIds}::uuid[]))`;

interface SalesRow {
  channel_id: string;
  currency: string;
  step: number;
  current: boolean;
  total: number;
  orders: number;
}

interface ChannelRow {
  id: string;
  name: string;
  mark: string;
  series: number;
  currency: string;
}

/** Sales of the period and of the one before it (a week before for one day), in steps of an hour or a day of the shop's zone. Index order_newest. */
async function readSales(db: Db, actor: Actor, now: Date, zone: string, days: number): Promise<SalesRow[]> {
  const back = days === 1 ? 7 : days;
  const unit = days === 1 ? 3600 : 86_400;
  return db.rows<SalesRow>(sql`
    with span as (
      select (date_trunc('day', ${now}::timestamptz at time zone ${zone}) - make_interval(days => ${days - 1})) at time zone ${zone} as starts,
        (date_trunc('day', ${now}::timestamptz at time zone ${zone}) - make_interval(days => ${days - 1 + back})) at time zone ${zone} as before)
    select channel_id, currency, current, step, sum(total_minor)::bigint as total, count(*)::int as orders
    from (
      select o.channel_id, o.currency, o.total_minor, o.ordered_at >= span.starts as current,
        floor(extract(epoch from (o.ordered_at at time zone ${zone}) - (case when o.ordered_at >= span.starts then span.starts else span.before end at time zone ${zone})) / ${unit}::int)::int as step
      from span, "order" o
      where o.ordered_at >= span.before and o.ordered_at <= ${now} and o.status <> 'cancelled' and ${visible(actor, sql`o.company_id`)}) as sold
    where current or step < ${days === 1 ? 24 : days}::int
    group by 1, 2, 3, 4`);
}

/** Orders per channel and day of the last 14 days, today last. */
async function readDays(db: Db, actor: Actor, now: Date, zone: string): Promise<Map<string, number[]>> {
  const rows = await db.rows<{ channel_id: string; age: number; orders: number }>(sql`
    select channel_id, (date(${now}::timestamptz at time zone ${zone}) - date(ordered_at at time zone ${zone}))::int as age, count(*)::int as orders
    from "order" where ordered_at > ${now}::timestamptz - interval '15 days' and ordered_at <= ${now} and status <> 'cancelled' and ${visible(actor, sql`company_id`)}
    group by 1, 2`);
  const days = new Map<string, number[]>();
  for (const row of rows) {
    const list = days.get(row.channel_id) ?? Array.from({ length: 14 }, () => 0);
    if (row.age >= 0 && row.age < 14) list[13 - row.age] = row.orders;
    days.set(row.channel_id, list);
  }
  return days;
}

/** The next orders to send and how many are due when (index order_by_deadline). */
async function readToSend(db: Db, actor: Actor, now: Date, zone: string): Promise<Today['toSend']> {
  const open = sql`status in ('pending', 'new', 'processing') and ${visible(actor, sql`company_id`)}`;
  const counts = await db.one<{ late: number; today: number; tomorrow: number; later: number }>(sql`
    select count(*) filter (where ship_by < ${now})::int as late,
      count(*) filter (where ship_by >= ${now} and date(ship_by at time zone ${zone}) = date(${now}::timestamptz at time zone ${zone}))::int as today,
      count(*) filter (where date(ship_by at time zone ${zone}) = date(${now}::timestamptz at time zone ${zone}) + 1)::int as tomorrow,
      count(*) filter (where ship_by is null or date(ship_by at time zone ${zone}) > date(${now}::timestamptz at time zone ${zone}) + 1)::int as later
    from "order" where ${open}`);
  const orders = await db.rows<{
    id: string;
    number: string;
    channel_id: string;
    title: string | null;
    lines: number;
    status: string;
    problem: string | null;
    ship_by: Date | null;
  }>(sql`
    select o.id, o.number, o.channel_id, o.status, o.problem, o.ship_by, first.title, o.line_count as lines
    from (select * from "order" where ${open} order by ship_by nulls last, id limit 7) as o
    left join lateral (select title from order_line where order_id = o.id order by position limit 1) as first on true
    order by o.ship_by nulls last, o.id`);
  return {
    ...counts,
    orders: orders.map((row) => ({
      id: row.id,
      number: row.number,
      channelId: row.channel_id,
      title: row.title ?? '',
      moreLines: Math.max(0, row.lines - 1),
      status: row.status,
      problem: row.problem,
      shipBy: row.ship_by?.toISOString() ?? null,
    })),
  };
}

interface TroubleRow {
  code: Today['broken'][number]['code'];
  severity: 'bad' | 'attention';
  count: number;
  name: string;
  detail: string;
  since: Date | null;
  channel_id: string | null;
  platform: string | null;
  run_id: string | null;
}

/** Everything that needs a person, worst first: refused keys, failed work, refused changes, orders that wait. */
async function readBroken(db: Db, actor: Actor, now: Date): Promise<Today['broken']> {
  const parts: Sql[] = [];
  if (hasRight(actor, 'channels.read')) {
    parts.push(
      sql`select case health when 'auth_failed' then 'channel_auth' when 'failing' then 'channel_failing' else 'channel_waiting' end as code,
          case health when 'waiting' then 'attention' else 'bad' end as severity, 1 as count, name, health_message as detail, health_at as since, id as channel_id, platform, null::uuid as run_id
        from channel where archived_at is null and active and health in ('auth_failed', 'failing', 'waiting') and ${visible(actor, sql`company_id`)}`,
      sql`select case push.state when 'failed' then 'push_refused' else 'push_in_doubt' end, case push.state when 'failed' then 'bad' else 'attention' end,
          count(*)::int, channel.name, min(coalesce(push.error, '')), min(push.wanted_at), channel.id, channel.platform, null::uuid
        from push join channel on channel.id = push.channel_id
        where push.state in ('failed', 'in_doubt') and channel.archived_at is null and ${visible(actor, sql`channel.company_id`)}
        group by push.state, channel.id`,
      sql`select 'run_failed', 'bad', 1, run.title, coalesce(run.error, ''), run.finished_at, case when run.subject_kind = 'channel' then run.subject_id end, null, run.id
        from run where state = 'failed' and finished_at > ${new Date(now.getTime() - 24 * 3600 * 1000)}
          and (company_id is null or ${visible(actor, sql`company_id`)})
          and not exists (select from run later where later.kind = run.kind and later.subject_id = run.subject_id and later.created_at > run.created_at and later.state = 'done')`,
    );
  }
  if (hasRight(actor, 'orders.read')) {
    parts.push(
      sql`select case problem when 'needs_mapping' then 'orders_unmapped' else 'orders_oversold' end, 'attention', count(*)::int, '', '', min(ordered_at), null::uuid, null, null::uuid
        from "order" where problem is not null and status in ('pending', 'new', 'processing') and ${visible(actor, sql`company_id`)} group by problem`,
      sql`select 'orders_quarantined', 'bad', count(*)::int, channel.name, min(reason), min(first_at), channel.id, channel.platform, null::uuid
        from order_quarantine join channel on channel.id = channel_id where resolved_at is null and ${visible(actor, sql`channel.company_id`)} group by channel.id`,
    );
  }
  if (parts.length === 0) return [];
  const rows = await db.rows<TroubleRow>(sql`
    select * from (${join(parts, ' union all ')}) as trouble(code, severity, count, name, detail, since, channel_id, platform, run_id) order by severity = 'bad' desc, since nulls last limit 50`);
  return rows.map((row) => ({
    code: row.code,
    severity: row.severity,
    count: row.count,
    name: row.name,
    detail: row.detail,
    since: row.since?.toISOString() ?? null,
    channelId: row.channel_id,
    platform: row.platform,
    runId: row.run_id,
  }));
}

/** Everything on the first page. Sums are in the shop's currency at the newest rate known today; a currency without one is named in `broken`. */
export async function readToday(db: Db, actor: Actor, shop: { timeZone: string; currency: string }, now: Date, days: number): Promise<Today> {
  const zone = shop.timeZone;
  const mayOrders = hasRight(actor, 'orders.read');
  const [channels, sales, byDay, toSend, broken] = await Promise.all([
    db.rows<ChannelRow>(
      sql`select id, name, mark, series, currency from channel where archived_at is null and ${visible(actor, sql`company_id`)} order by created_at, id`,
    ),
    mayOrders ? readSales(db, actor, now, zone, days) : [],
    mayOrders ? readDays(db, actor, now, zone) : new Map<string, number[]>(),
    mayOrders ? readToSend(db, actor, now, zone) : { late: 0, today: 0, tomorrow: 0, later: 0, orders: [] },
    readBroken(db, actor, now),
  ]);
  const day = now.toISOString().slice(0, 10);
  const rates = new Map<string, string | undefined>();
  for (const currency of new Set(sales.map((row) => row.currency))) rates.set(currency, await rateOn(db, currency, shop.currency, day));
  const inHome = (minor: number, currency: string): number | undefined => {
    const rate = rates.get(currency);
    return rate === undefined ? undefined : convertMinor(minor, currency, shop.currency, rate);
  };
  const stepCount = days === 1 ? 24 : days;
  const steps = Array.from({ length: stepCount }, () => 0);
  const previousSteps = Array.from({ length: stepCount }, () => 0);
  for (const row of sales) {
    const list = row.current ? steps : previousSteps;
    if (row.step >= 0 && row.step < stepCount) list[row.step] = (list[row.step] ?? 0) + (inHome(row.total, row.currency) ?? 0);
  }
  const nowStep = days === 1 ? Number(new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone: zone }).format(now)) : stepCount - 1;
  // For one day compare with the same hours of the day a week before, not with its whole.
  const comparable = (row: SalesRow): boolean => row.current || days !== 1 || row.step <= nowStep;
  const counted = sales.filter(comparable);
  const sumOf = (current: boolean): number =>
    counted.filter((row) => row.current === current).reduce((total, row) => total + (inHome(row.total, row.currency) ?? 0), 0);
  const ordersOf = (current: boolean): number => counted.filter((row) => row.current === current).reduce((total, row) => total + row.orders, 0);
  const runningTotal = (list: readonly number[]): number[] => list.map((_, index) => list.slice(0, index + 1).reduce((total, value) => total + value, 0));
  return {
    at: now.toISOString(),
    timeZone: zone,
    currency: shop.currency,
    sales: {
      total: toMoney(sumOf(true), shop.currency),
      previousTotal: toMoney(sumOf(false), shop.currency),
      orders: ordersOf(true),
      previousOrders: ordersOf(false),
      steps: runningTotal(steps).map((value, index) => (index <= nowStep ? value : null)),
      previousSteps: runningTotal(previousSteps),
    },
    channels: channels.map((channel) => {
      const own = counted.filter((row) => row.channel_id === channel.id);
      const current = own.filter((row) => row.current);
      const { currency } = channel;
      const home = (rows: readonly SalesRow[]): Money | null => {
        const sums = rows.map((row) => inHome(row.total, row.currency));
        return sums.includes(undefined)
          ? null
          : toMoney(
              sums.reduce<number>((total, value) => total + (value ?? 0), 0),
              shop.currency,
            );
      };
      return {
        channelId: channel.id,
        name: channel.name,
        mark: channel.mark,
        series: channel.series,
        sales: toMoney(
          current.filter((row) => row.currency === currency).reduce((total, row) => total + row.total, 0),
          currency,
        ),
        inHome: home(current),
        previousInHome: home(own.filter((row) => !row.current)),
        orders: current.reduce((total, row) => total + row.orders, 0),
        days: byDay.get(channel.id) ?? Array.from({ length: 14 }, () => 0),
      };
    }),
    toSend,
    broken: [
      ...broken,
      ...[...rates]
        .filter(([, rate]) => rate === undefined)
        .map(([currency]) => ({
          code: 'rate_missing' as const,
          severity: 'attention' as const,
          count: 1,
          name: currency,
          detail: '',
          since: null,
          channelId: null,
          platform: null,
          runId: null,
        })),
    ],
  };
}

const words = (q: string): string[] =>
  q
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 8);
const like = (word: string): string => `%${word.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;

/** Products and orders for the command palette: exact codes and numbers first, then words (trigram indexes). */
export async function search(db: Db, actor: Actor, q: string, limit: number): Promise<Hit[]> {
  const parts: Sql[] = [];
  const all = (column: Sql): Sql =>
    join(
      words(q).map((word) => sql`${column} ilike ${like(word)}`),
      ' and ',
    );
  if (hasRight(actor, 'catalog.read')) {
    parts.push(sql`(select 'product' as kind, id, title, sku as subtitle, status, 0 as rank from product where sku = ${q} or barcode = ${q} limit ${limit})`);
    parts.push(sql`(select 'product', id, title, sku, status, 2 from product where ${all(sql`title`)} or sku ilike ${like(q)} limit ${limit})`);
  }
  if (hasRight(actor, 'orders.read')) {
    const people = hasRight(actor, 'orders.customers');
    const subtitle = people ? sql`concat_ws(', ', channel.name, nullif(o.customer_name, ''))` : sql`channel.name`;
    parts.push(sql`(select 'order', o.id, o.number, ${subtitle}, o.status, 1 from "order" o join channel on channel.id = o.channel_id
      where (o.number = upper(${q}) or o.external_number = ${q}) and ${visible(actor, sql`o.company_id`)} limit ${limit})`);
    parts.push(sql`(select 'order', o.id, o.number, ${subtitle}, o.status, 3 from "order" o join channel on channel.id = o.channel_id
      where (o.number ilike ${like(q)} or o.external_number ilike ${like(q)} ${people ? sql`or (${all(sql`o.customer_name`)})` : sql``}) and ${visible(actor, sql`o.company_id`)} limit ${limit})`);
  }
  if (parts.length === 0) return [];
  const rows = await db.rows<Hit>(sql`
    select kind, id, title, subtitle, status, min(rank) as rank from (${join(parts, ' union all ')}) as hit(kind, id, title, subtitle, status, rank)
    group by kind, id, title, subtitle, status order by rank, length(title), title limit ${limit}`);
  return rows.map(({ kind, id, title, subtitle, status }) => ({ kind, id, title, subtitle, status }));
}
