import { useCallback, useMemo } from 'react';
import { useLocation, useRouter } from '@tanstack/react-router';
import * as z from 'zod/mini';

/** What the address holds: every value a text or a list of texts. */
export type RawSearch = Record<string, string | string[]>;
export type SearchValue = string | number | boolean | readonly string[] | undefined;

/** `?status=active&tag=a&tag=b` ↔ `{ status: 'active', tag: ['a', 'b'] }`: addresses a person can read and type. */
export function parseSearch(text: string): RawSearch {
  const out: RawSearch = {};
  for (const [key, value] of new URLSearchParams(text)) {
    const before = out[key];
    out[key] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return out;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (value === undefined || value === null || value === '' || value === false) continue;
    if (Array.isArray(value)) for (const one of value) params.append(key, String(one));
    else params.set(key, String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** An id as the API makes them; anything else in an address is no reference to a thing. */
export const isId = (text: string | undefined): text is string => text !== undefined && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);

/* Members of a search schema. A value that does not fit (an old or mistyped address) counts as not given. */

const forgiving = <T extends z.ZodMiniType>(schema: T) => z.catch(z.optional(schema), undefined as z.output<T> | undefined);

export const oneOf = <const V extends readonly string[]>(values: V) => forgiving(z.enum(values));
export const someText = (max = 200) => forgiving(z.string().check(z.maxLength(max)));
export const someNumber = () => forgiving(z.pipe(z.string().check(z.regex(/^-?\d{1,15}(\.\d{1,6})?$/)), z.transform(Number)));
export const someFlag = () =>
  forgiving(
    z.pipe(
      z.enum(['true', 'false']),
      z.transform((value) => value === 'true'),
    ),
  );
export const manyOf = () =>
  forgiving(
    z.pipe(
      z.union([z.string(), z.array(z.string())]),
      z.transform((value) => (Array.isArray(value) ? value : [value])),
    ),
  );

/**
 * The search schema of a list screen: its filters plus `q`, `sort` and `view` (a filter called `view` narrows it). Sorts are a closed list, `-name` is descending;
 * the first one is the default.
 */
export const listSearch = <S extends Record<string, z.ZodMiniType>, const O extends readonly [string, ...string[]]>(filters: S, sorts: O) => {
  const common = { q: someText(), view: someText(), sort: z.catch(z.enum(sorts), sorts[0] as O[number]) };
  return z.object({ ...common, ...filters } as Omit<typeof common, keyof S> & S);
};

/** The search of a screen that is no list: tabs, what is opened. */
export const screenSearch = <S extends Record<string, z.ZodMiniType>>(members: S) => z.object(members);

/** What a search schema gives: `SearchOf<typeof productsSearch>`. */
export type SearchOf<T extends z.ZodMiniType> = z.output<T>;

/**
 * Screen state that lives in the address: `const [search, setSearch] = useUrlState(productsSearch)`.
 * `setSearch` merges; `undefined` removes. Filters replace the history entry, so that Back leaves the list.
 */
export function useUrlState<T extends z.ZodMiniType>(schema: T): [z.output<T>, (patch: Record<string, SearchValue>, options?: { push?: boolean }) => void] {
  const router = useRouter();
  const { searchStr, pathname } = useLocation();
  const value = useMemo(() => schema.parse(parseSearch(searchStr)), [schema, searchStr]);
  const set = useCallback(
    (patch: Record<string, SearchValue>, options: { push?: boolean } = {}) => {
      const next = { ...parseSearch(window.location.search), ...patch };
      void router.navigate({ href: `${pathname}${stringifySearch(next)}`, replace: options.push !== true, resetScroll: false });
    },
    [router, pathname],
  );
  return [value, set];
}
