import { z } from 'zod';
import { AppError, commonErrors } from './errors.ts';

/** What every list takes. `cursor` is opaque: the last row's sort value and id, sealed as base64url JSON. */
export const pageInput = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(2000).optional(),
};

/** What every list answers. `total` is exact up to 10,000; `totalIsMore` says there are more than that. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable(), total: z.number().int().optional(), totalIsMore: z.boolean().optional() });

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  total?: number;
  totalIsMore?: boolean;
}

/** Lists count exactly up to here and then say "10,000+". */
export const COUNT_LIMIT = 10_000;

type Key = string | number;

export const encodeCursor = (sort: string, keys: readonly Key[]): string => Buffer.from(JSON.stringify([sort, ...keys])).toString('base64url');

/** Reads a cursor made for the same sort with the same number of keys; anything else is the caller's 400. */
export function decodeCursor(cursor: string | undefined, sort: string, keys: number): Key[] | undefined {
  if (cursor === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const valid =
      Array.isArray(parsed) &&
      parsed.length === keys + 1 &&
      parsed[0] === sort &&
      parsed.every((key) => typeof key === 'number' || (typeof key === 'string' && !key.includes('\u0000') && key.isWellFormed()));
    if (valid) return parsed.slice(1) as Key[];
  } catch {
    // falls through to the refusal below: what is not JSON is not a cursor
  }
  throw new AppError(commonErrors['input.invalid'], {
    field: 'cursor',
    data: { reason: 'the cursor belongs to another list or sort; start at the first page' },
  });
}

/** Cuts `limit + 1` fetched rows to a page; `keysOf` gives the sort value and id of a row. */
export function toPage<R, T>(rows: readonly R[], limit: number, sort: string, keysOf: (row: R) => readonly Key[], shape: (row: R) => T): Page<T> {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return { items: shown.map(shape), nextCursor: last === undefined ? null : encodeCursor(sort, keysOf(last)) };
}
