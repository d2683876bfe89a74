import { edge } from '../../edge.ts';
import { notFound } from '../../kit/errors.ts';
import type { Vault } from '../../kit/vault.ts';
import { createApiKey, listApiKeys, revokeApiKey } from './api-keys.ts';
import { createCompany, getCompany, listCompanies, updateCompany } from './companies.ts';
import { accountsContract } from './contract.ts';
import { findRate, listFxRates, putFxRate } from './fx.ts';
import { getChange, listChanges, listHistory, readMe } from './reads.ts';
import { getShop, saveShop } from './settings.ts';
import { needsSetup, setUp } from './setup.ts';
import { undoChangeSet } from './undo.ts';
import { createUser, getUser, listUsers, removeUser, resetPassword, setPassword, updateOwnProfile, updateUser } from './users.ts';
import type { PasswordLink } from './users.ts';
import { createView, listViews, removeView, updateView } from './views.ts';

const os = edge(accountsContract);

const done = { done: true } as const;

/** The answer to a write may be kept for its Idempotency-Key: what is secret in it is sealed until it leaves. */
const seal = (vault: Vault, link: PasswordLink): PasswordLink => ({ ...link, token: vault.seal(link.token, 'answer') });
const open = (vault: Vault, link: PasswordLink): PasswordLink => ({ ...link, token: vault.open(link.token, 'answer') });

export const accountsRoutes = {
  me: os.me.handler(({ context }) => readMe(context.app.db, context.actor)),
  updateMe: os.updateMe.handler(({ context, input }) => context.write((tx) => updateOwnProfile(tx, context.actor, input))),
  setup: {
    status: os.setup.status.handler(async ({ context: { app, actor } }) => ({
      needed: await needsSetup(app.db),
      demo: (await getShop(app.db)).demo,
      signedIn: actor.id !== null,
    })),
    create: os.setup.create.handler(({ context, input }) => context.write((tx) => setUp(tx, input))),
  },
  setPassword: os.setPassword.handler(({ context, input }) => context.write((tx) => setPassword(tx, input.token, input.password))),
  users: {
    list: os.users.list.handler(({ context, input }) => listUsers(context.app.db, context.actor, input)),
    get: os.users.get.handler(({ context, input }) => getUser(context.app.db, context.actor, input.id)),
    create: os.users.create.handler(async ({ context, input }) => {
      const { vault } = context.app;
      const { user, passwordLink } = await context.write(async (tx) => {
        const made = await createUser(tx, context.actor, input);
        return { ...made, passwordLink: made.passwordLink === null ? null : seal(vault, made.passwordLink) };
      });
      return { user, passwordLink: passwordLink === null ? null : open(vault, passwordLink) };
    }),
    update: os.users.update.handler(({ context, input }) => context.write((tx) => updateUser(tx, context.actor, input))),
    resetPassword: os.users.resetPassword.handler(async ({ context, input }) =>
      open(context.app.vault, await context.write(async (tx) => seal(context.app.vault, await resetPassword(tx, context.actor, input.id)))),
    ),
    remove: os.users.remove.handler(({ context, input }) => context.write(async (tx) => (await removeUser(tx, context.actor, input.id), done))),
  },
  apiKeys: {
    list: os.apiKeys.list.handler(({ context, input }) => listApiKeys(context.app.db, context.actor, input)),
    create: os.apiKeys.create.handler(async ({ context, input }) => {
      const { vault } = context.app;
      const { apiKey, sealed } = await context.write(async (tx) => {
        const made = await createApiKey(tx, context.actor, { ...input, expiresAt: input.expiresAt === null ? null : new Date(input.expiresAt) });
        return { apiKey: made.apiKey, sealed: vault.seal(made.secret, 'answer') };
      });
      return { apiKey, key: vault.open(sealed, 'answer') };
    }),
    revoke: os.apiKeys.revoke.handler(({ context, input }) => context.write((tx) => revokeApiKey(tx, context.actor, input.id))),
  },
  companies: {
    list: os.companies.list.handler(({ context, input }) => listCompanies(context.app.db, context.actor, input)),
    get: os.companies.get.handler(({ context, input }) => getCompany(context.app.db, context.actor, input.id)),
    create: os.companies.create.handler(({ context, input }) => context.write((tx) => createCompany(tx, context.actor, input))),
    update: os.companies.update.handler(({ context, input }) => context.write((tx) => updateCompany(tx, context.actor, input))),
  },
  fxRates: {
    list: os.fxRates.list.handler(({ context, input }) => listFxRates(context.app.db, input)),
    put: os.fxRates.put.handler(({ context, input }) => context.write((tx) => putFxRate(tx, context.actor, input))),
    on: os.fxRates.on.handler(async ({ context, input }) => {
      const rate = await findRate(context.app.db, input.base, input.quote, input.onDate);
      if (rate === undefined) throw notFound('rate up to that day');
      return rate;
    }),
  },
  views: {
    list: os.views.list.handler(({ context, input }) => listViews(context.app.db, context.actor, input.screen)),
    create: os.views.create.handler(({ context, input }) => context.write((tx) => createView(tx, context.actor, input))),
    update: os.views.update.handler(({ context, input }) => context.write((tx) => updateView(tx, context.actor, input))),
    remove: os.views.remove.handler(({ context, input }) => context.write(async (tx) => (await removeView(tx, context.actor, input.id), done))),
  },
  settings: {
    get: os.settings.get.handler(({ context }) => getShop(context.app.db)),
    update: os.settings.update.handler(({ context, input }) => context.write((tx) => saveShop(tx, context.actor, input))),
  },
  changes: {
    list: os.changes.list.handler(({ context: { app, actor }, input }) => listChanges(app.db, actor, [...app.undoers.keys()], input)),
    get: os.changes.get.handler(({ context: { app, actor }, input }) => getChange(app.db, actor, [...app.undoers.keys()], input)),
    history: os.changes.history.handler(({ context: { app, actor }, input }) => listHistory(app.db, actor, [...app.undoers.keys()], input)),
    undo: os.changes.undo.handler(({ context, input }) => context.write((tx) => undoChangeSet(context.app, tx, context.actor, input.id))),
  },
};
