import { queryOptions } from '@tanstack/react-query';
import type { ApiKey, Company, FxRate, Shop, User } from '../../../../server/src/modules/accounts/contract.ts';
import { meQuery } from '../../api/actor.ts';
import { api, getJson, postJson } from '../../api/client.ts';
import { listQuery } from '../../api/list-query.ts';
import { queryClient } from '../../api/query-client.ts';
import { listSearch, oneOf, someFlag, someText } from '../../lib/url-state.ts';
import type { SearchOf } from '../../lib/url-state.ts';

const PAGE = 100;

export const shopQuery = queryOptions({ queryKey: ['shop'], queryFn: () => api.accounts.settings.get() });

/** Takes saved settings into the cache; the frame shows the shop's name. */
export async function keepShop(shop: Shop): Promise<void> {
  queryClient.setQueryData(shopQuery.queryKey, shop);
  await queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
}

/** What is opened over a list: somebody's id, or `new`. */
export const namedSearch = listSearch({ open: someText(60) }, ['name']);
export const usersQuery = () => listQuery<User>(['users', 'list'], (cursor, signal) => api.accounts.users.list({ limit: PAGE, cursor }, { signal }));
export const userQuery = (id: string) => queryOptions({ queryKey: ['users', 'one', id], queryFn: () => api.accounts.users.get({ id }) });
export const refreshUsers = () =>
  Promise.all([queryClient.invalidateQueries({ queryKey: ['users'] }), queryClient.invalidateQueries({ queryKey: meQuery.queryKey })]);

export const keysQuery = () => listQuery<ApiKey>(['api-keys', 'list'], (cursor, signal) => api.accounts.apiKeys.list({ limit: PAGE, cursor }, { signal }));
export const refreshKeys = () => queryClient.invalidateQueries({ queryKey: ['api-keys'] });

export const companiesSearch = listSearch({ open: someText(60), archived: someFlag() }, ['name']);
export type CompaniesSearch = SearchOf<typeof companiesSearch>;
export const companiesQuery = ({ archived }: Pick<CompaniesSearch, 'archived'>) =>
  listQuery<Company>(['companies', 'list', archived === true], (cursor, signal) =>
    api.accounts.companies.list({ archived: archived === true ? 'true' : 'false', limit: PAGE, cursor }, { signal }),
  );
export const companyQuery = (id: string) => queryOptions({ queryKey: ['companies', 'one', id], queryFn: () => api.accounts.companies.get({ id }) });
export async function keepCompany(company: Company): Promise<void> {
  queryClient.setQueryData(companyQuery(company.id).queryKey, company);
  await Promise.all([queryClient.invalidateQueries({ queryKey: ['companies'] }), queryClient.invalidateQueries({ queryKey: meQuery.queryKey })]);
}

const currency = () => someText(3);
export const ratesSearch = listSearch({ open: oneOf(['new', 'ask']), base: currency(), quote: currency() }, ['newest']);
export type RatesSearch = SearchOf<typeof ratesSearch>;
const code = (text: string | undefined): string | undefined => (text !== undefined && /^[A-Z]{3}$/.test(text) ? text : undefined);
export const ratesQuery = ({ base, quote }: Pick<RatesSearch, 'base' | 'quote'>) =>
  listQuery<FxRate>(['fx-rates', 'list', code(base), code(quote)], (cursor, signal) =>
    api.accounts.fxRates.list({ base: code(base), quote: code(quote), limit: PAGE, cursor }, { signal }),
  );
export const rateOnQuery = (input: { base: string; quote: string; onDate: string }) =>
  queryOptions({ queryKey: ['fx-rates', 'on', input], queryFn: () => api.accounts.fxRates.on(input), retry: false });
export const refreshRates = () => queryClient.invalidateQueries({ queryKey: ['fx-rates'] });

/** One browser in which a person is signed in. */
export interface Session {
  id: string;
  token: string;
  createdAt: string;
  expiresAt: string;
  ipAddress: string;
  userAgent: string;
  present: boolean;
}

const record = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {});
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Where this person is signed in, this browser first. */
export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async (): Promise<Session[]> => {
    const [all, own] = await Promise.all([getJson('/auth/list-sessions'), getJson('/auth/get-session')]);
    const present = text(record(record(own)['session'])['id']);
    return (Array.isArray(all) ? all.map(record) : [])
      .map((one) => ({
        id: text(one['id']),
        token: text(one['token']),
        createdAt: text(one['createdAt']),
        expiresAt: text(one['expiresAt']),
        ipAddress: text(one['ipAddress']),
        userAgent: text(one['userAgent']),
        present: one['id'] === present,
      }))
      .toSorted((a, b) => Number(b.present) - Number(a.present) || b.createdAt.localeCompare(a.createdAt));
  },
});

const refreshSessions = () => queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });

export async function endSession(session: Session): Promise<void> {
  await postJson('/auth/revoke-session', { token: session.token });
  await refreshSessions();
}

export async function endOtherSessions(): Promise<void> {
  await postJson('/auth/revoke-other-sessions', {});
  await refreshSessions();
}

/** Every other browser is signed out with it. */
export async function changePassword(values: { currentPassword: string; newPassword: string }): Promise<void> {
  await postJson('/auth/change-password', { ...values, revokeOtherSessions: true });
  await refreshSessions();
}
