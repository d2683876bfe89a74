import { Decimal } from 'decimal.js';
import type { Actor } from '../../kit/actor.ts';
import { empty, sql } from '../../kit/db.ts';
import type { Db, Tx } from '../../kit/db.ts';
import { AppError, invalid } from '../../kit/errors.ts';
import { decodeCursor, toPage } from '../../kit/page.ts';
import type { Page } from '../../kit/page.ts';
import { closeChangeSet, openChangeSet, recordChanges } from './changes.ts';
import { requireUnlimited } from './companies.ts';
import { accountsErrors } from './contract.ts';
import type { FxRate } from './contract.ts';
import type { FxRateRow } from './tables.ts';

const toFxRate = (row: FxRateRow): FxRate => ({
  id: row.id,
  source: row.source,
  base: row.base,
  quote: row.quote,
  onDate: row.on_date,
  value: new Decimal(row.value).toFixed(),
  fetchedAt: row.fetched_at.toISOString(),
});

/** Rates, newest day first (index fx_rate_days; fx_rate_newest with a pair). */
export async function listFxRates(
  db: Db,
  input: { limit: number; cursor?: string | undefined; base?: string | undefined; quote?: string | undefined; until?: string | undefined },
): Promise<Page<FxRate>> {
  const after = decodeCursor(input.cursor, 'newest', 2);
  const rows = await db.rows<FxRateRow>(sql`
    select * from fx_rate where true
      ${after === undefined ? empty : sql`and (on_date, id) < (${String(after[0])}::date, ${String(after[1])}::uuid)`}
      ${input.base === undefined ? empty : sql`and base = ${input.base}`}
      ${input.quote === undefined ? empty : sql`and quote = ${input.quote}`}
      ${input.until === undefined ? empty : sql`and on_date <= ${input.until}::date`}
    order by on_date desc, id desc limit ${input.limit + 1}`);
  return toPage(rows, input.limit, 'newest', (row) => [row.on_date, row.id], toFxRate);
}

export interface NewRate {
  base: string;
  quote: string;
  onDate: string;
  value: string;
  /** `manual` for a rate of one's own, else who published it. */
  source: string;
}

/** Keeps the rate of a day. One's own may be corrected; what a source published for a day is never replaced by another value. */
export async function putFxRate(tx: Tx, actor: Actor, input: NewRate): Promise<FxRate> {
  requireUnlimited(actor);
  if (input.base === input.quote) throw invalid('quote', 'a rate is between two different currencies');
  const changeSetId = await openChangeSet(tx, actor, { kind: 'edit', reason: `Rate of ${input.base} to ${input.quote} for ${input.onDate}` });
  const created = await tx.run(sql`
    with changed as (
      insert into fx_rate (id, source, base, quote, on_date, value, fetched_at)
      values (${tx.newId()}, ${input.source}, ${input.base}, ${input.quote}, ${input.onDate}, ${input.value}, ${tx.now})
      on conflict (source, base, quote, on_date) do nothing returning id)
    ${recordChanges(changeSetId, 'fx_rate', 'create')}`);
  const isSame = sql`source = ${input.source} and base = ${input.base} and quote = ${input.quote} and on_date = ${input.onDate}`;
  if (created === 0) {
    const known = await tx.one<FxRateRow>(sql`select * from fx_rate where ${isSame} for update`);
    if (!new Decimal(known.value).eq(input.value)) {
      if (input.source !== 'manual') {
        throw new AppError(accountsErrors['fx_rate.differs'], {
          field: 'value',
          data: { onDate: input.onDate, source: input.source, value: new Decimal(known.value).toFixed() },
        });
      }
      await tx.run(sql`
        with changed as (
          update fx_rate set value = ${input.value}, fetched_at = ${tx.now} where id = ${known.id}
          returning id, to_jsonb(old) as old_row, to_jsonb(new) as new_row)
        ${recordChanges(changeSetId, 'fx_rate', 'update')}`);
    }
  }
  await closeChangeSet(tx, changeSetId);
  return toFxRate(await tx.one<FxRateRow>(sql`select * from fx_rate where ${isSame}`));
}

interface Leg {
  value: Decimal;
  onDate: string;
  source: string;
}

/** Currencies that published tables are in; other pairs are crossed through one of them or both. */
const BRIDGES = ['EUR', 'RON'] as const;
const WAYS: readonly (readonly string[])[] = [[], ['EUR'], ['RON'], ['EUR', 'RON'], ['RON', 'EUR']];
const PLACES = 16;

/** A rate as it was known on a day. */
export interface DatedRate {
  /** Units of `quote` for one `base`, up to 16 significant digits. */
  value: string;
  /** The day it is from; of a crossed rate, its older half. */
  onDate: string;
  source: string;
}

/** Prefers the newest day; on one day the shortest way, and one's own over a published one. */
export function chooseRate(
  rows: readonly Pick<FxRateRow, 'base' | 'quote' | 'on_date' | 'value' | 'source'>[],
  base: string,
  quote: string,
): DatedRate | undefined {
  const leg = (from: string, to: string): Leg | undefined => {
    const candidates = rows
      .filter((row) => (row.base === from && row.quote === to) || (row.base === to && row.quote === from))
      .map((row) => ({
        value: row.base === from ? new Decimal(row.value) : new Decimal(1).div(row.value),
        onDate: row.on_date,
        source: row.source,
        turned: row.base !== from,
      }));
    return candidates.toSorted(
      (a, b) => b.onDate.localeCompare(a.onDate) || Number(b.source === 'manual') - Number(a.source === 'manual') || Number(a.turned) - Number(b.turned),
    )[0];
  };
  const cross = (way: readonly string[]): Leg | undefined => {
    if (way.includes(base) || way.includes(quote)) return undefined;
    const stops = [base, ...way, quote];
    const legs = stops
      .slice(1)
      .map((to, index) => leg(stops[index] ?? base, to))
      .filter((one) => one !== undefined);
    if (legs.length < stops.length - 1) return undefined;
    return {
      value: legs.reduce((product, one) => product.mul(one.value), new Decimal(1)),
      onDate: legs.map((one) => one.onDate).toSorted()[0] ?? '',
      source: [...new Set(legs.map((one) => one.source))].join(', '),
    };
  };
  const found = WAYS.map(cross).filter((one) => one !== undefined);
  const best = found.toSorted((a, b) => b.onDate.localeCompare(a.onDate))[0];
  return best === undefined ? undefined : { value: best.value.toSignificantDigits(PLACES).toFixed(), onDate: best.onDate, source: best.source };
}

/** The rate to use on a day with the day and source it comes from; undefined when none is known up to that day. */
export async function findRate(db: Db, base: string, quote: string, day: string): Promise<DatedRate | undefined> {
  if (base === quote) return { value: '1', onDate: day, source: 'same' };
  const currencies = [...new Set([base, quote, ...BRIDGES])];
  const pairs = currencies.flatMap((from) => currencies.filter((to) => to !== from).map((to) => [from, to] as const));
  // For each pair the last known row (index fx_rate_newest), however old.
  const rows = await db.rows<FxRateRow>(sql`
    select last.* from unnest(${pairs.map(([from]) => from)}::text[], ${pairs.map(([, to]) => to)}::text[]) as pair(base, quote)
    cross join lateral (
      select * from fx_rate r where r.base = pair.base and r.quote = pair.quote and r.on_date <= ${day}::date
      order by on_date desc, (source = 'manual') desc, source limit 1) as last`);
  return chooseRate(rows, base, quote);
}

/** Units of `quote` for one `base` on a day: the last known rate, crossed through EUR or RON when needed; undefined when there is none. */
export const rateOn = async (db: Db, base: string, quote: string, day: string): Promise<string | undefined> => (await findRate(db, base, quote, day))?.value;
