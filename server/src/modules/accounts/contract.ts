import { z } from 'zod';
import { commonErrors, defineErrors } from '../../kit/errors.ts';
import { pageInput, pageOf } from '../../kit/page.ts';
import { declare, route } from '../../kit/route.ts';
import { text } from '../../kit/text.ts';
import {
  apiKeySchema,
  byId,
  changeEntrySchema,
  changeSetSchema,
  changed,
  companyFields,
  companyIds,
  companySchema,
  countryCode,
  currencyCode,
  day,
  decimal,
  done,
  email,
  fxRateSchema,
  instant,
  meSchema,
  names,
  password,
  passwordLink,
  roleName,
  shopSchema,
  timeZone,
  undoResultSchema,
  userSchema,
  viewQuery,
  viewSchema,
} from './schemas.ts';

export * from './schemas.ts';

export const accountsErrors = defineErrors({
  'sign_in.refused': { status: 401, message: 'This e-mail address and password do not belong together. Check both and try again.' },
  'sign_in.locked': {
    status: 429,
    message: 'Too many failed sign-ins for this address. Try again after {minutes} minutes, or ask an owner for a new password.',
  },
  'sign_in.too_many': { status: 429, message: 'Too many sign-in requests came from this network. Wait a minute, then try again.' },
  'password.wrong': { status: 400, message: 'The present password is not right. Nothing was changed.' },
  'password.link_used': { status: 410, message: 'This link was already used or has expired. Ask an owner for a new one.' },
  'setup.already_done': { status: 409, message: 'This shop is already set up. Sign in instead.' },
  'user.email_taken': { status: 409, message: 'There is already a user with this e-mail address.' },
  'user.last_owner': { status: 409, message: 'This is the last active owner. Make somebody else an owner first.' },
  'user.is_yourself': { status: 409, message: 'You cannot remove or deactivate yourself. Ask another owner.' },
  'company.name_taken': { status: 409, message: 'There is already a company with this name.' },
  'company.is_default': { status: 409, message: 'This is the default company. Make another one the default first.' },
  'company.limited': { status: 403, message: 'You may only act for some companies, and this concerns others too. Ask an owner.' },
  'fx_rate.differs': { status: 409, message: 'For {onDate} {source} already published {value}. A published rate is not replaced; enter yours as "manual".' },
  'view.name_taken': { status: 409, message: 'You already have a view with this name on this screen.' },
  'change.already_undone': { status: 409, message: 'This change was already undone.' },
  'change.still_running': { status: 409, message: 'The run that makes this change is still at work. Cancel it or wait, then undo.' },
  'change.not_undoable': { status: 409, message: 'A change of this kind cannot be undone. Change it back by hand.' },
});

const e = accountsErrors;
const missing = declare(commonErrors['resource.not_found']);
const stale = declare(commonErrors['resource.stale']);
const limits = declare(e['company.limited']);

export const accountsContract = {
  me: route('signed_in')
    .route({ method: 'GET', path: '/me', tags: ['Accounts'], summary: 'Who you are and what you may do', operationId: 'getMe' })
    .output(meSchema),
  updateMe: route('signed_in')
    .route({ method: 'PATCH', path: '/me', tags: ['Accounts'], summary: 'Change your own name, title or language', operationId: 'updateMe' })
    .input(z.object(changed(names)))
    .output(userSchema)
    .errors(missing),
  setup: {
    status: route('public')
      .route({
        method: 'GET',
        path: '/setup',
        tags: ['Accounts'],
        summary: 'Whether the first owner is still to be made, and whether you are signed in',
        operationId: 'getSetup',
      })
      /** `signedIn`: this request carries a session or key, so that a page need not ask for what it would be refused. */
      .output(z.object({ needed: z.boolean(), demo: z.boolean(), signedIn: z.boolean() })),
    create: route('public')
      .route({
        method: 'POST',
        path: '/setup',
        tags: ['Accounts'],
        summary: 'Make the first owner, company and shop',
        operationId: 'setUp',
        successStatus: 201,
      })
      .input(
        z.object({
          name: names.name,
          email,
          password,
          shopName: text(120, { min: 1 }),
          companyName: text(120, { min: 1 }),
          country: countryCode,
          currency: currencyCode,
          timeZone,
        }),
      )
      .output(userSchema)
      .errors(declare(e['setup.already_done'])),
  },
  setPassword: route('public')
    .route({ method: 'POST', path: '/set-password', tags: ['Accounts'], summary: 'Choose a password with a one-time link', operationId: 'setPassword' })
    .input(z.object({ token: text(100, { min: 1 }), password }))
    .output(z.object({ email: z.string() }))
    .errors(declare(e['password.link_used'])),
  users: {
    list: route('accounts.manage')
      .route({ method: 'GET', path: '/users', tags: ['Users'], summary: 'Users by name', operationId: 'listUsers' })
      .input(z.object(pageInput))
      .output(pageOf(userSchema)),
    get: route('accounts.manage')
      .route({ method: 'GET', path: '/users/{id}', tags: ['Users'], summary: 'One user', operationId: 'getUser' })
      .input(byId)
      .output(userSchema)
      .errors(missing),
    create: route('accounts.manage')
      .route({
        method: 'POST',
        path: '/users',
        tags: ['Users'],
        summary: 'Add a user; without a password the answer holds a one-time link',
        operationId: 'createUser',
        successStatus: 201,
      })
      .input(z.object({ ...names, email, password: password.optional(), role: roleName, companyIds: companyIds.default(null) }))
      .output(z.object({ user: userSchema, passwordLink: passwordLink.nullable() }))
      .errors({ ...limits, ...declare(e['user.email_taken']) }),
    update: route('accounts.manage')
      .route({
        method: 'PATCH',
        path: '/users/{id}',
        tags: ['Users'],
        summary: 'Change name, role, companies or whether a user is active',
        operationId: 'updateUser',
      })
      .input(z.object({ id: z.uuid(), ...changed(names), role: roleName.optional(), companyIds: companyIds.optional(), active: z.boolean().optional() }))
      .output(userSchema)
      .errors({ ...missing, ...limits, ...declare(e['user.last_owner'], e['user.is_yourself']) }),
    resetPassword: route('accounts.manage')
      .route({
        method: 'POST',
        path: '/users/{id}/reset-password',
        tags: ['Users'],
        summary: 'End the sessions of a user and make a one-time link for a new password',
        operationId: 'resetPassword',
      })
      .input(byId)
      .output(passwordLink)
      .errors(missing),
    remove: route('accounts.manage')
      .route({ method: 'DELETE', path: '/users/{id}', tags: ['Users'], summary: 'Remove a user', operationId: 'removeUser' })
      .input(byId)
      .output(done)
      .errors({ ...missing, ...declare(e['user.last_owner'], e['user.is_yourself']) }),
  },
  apiKeys: {
    list: route('keys.manage')
      .route({ method: 'GET', path: '/api-keys', tags: ['API keys'], summary: 'API keys, newest first', operationId: 'listApiKeys' })
      .input(z.object(pageInput))
      .output(pageOf(apiKeySchema)),
    create: route('keys.manage')
      .route({
        method: 'POST',
        path: '/api-keys',
        tags: ['API keys'],
        summary: 'Make a key; it is shown in this answer only',
        operationId: 'createApiKey',
        successStatus: 201,
      })
      .input(z.object({ name: text(120, { min: 1 }), role: roleName, companyIds: companyIds.default(null), expiresAt: instant.nullable().default(null) }))
      .output(z.object({ apiKey: apiKeySchema, key: z.string() }))
      .errors(limits),
    revoke: route('keys.manage')
      .route({ method: 'DELETE', path: '/api-keys/{id}', tags: ['API keys'], summary: 'Revoke a key', operationId: 'revokeApiKey' })
      .input(byId)
      .output(apiKeySchema)
      .errors(missing),
  },
  companies: {
    list: route('signed_in')
      .route({ method: 'GET', path: '/companies', tags: ['Companies'], summary: 'Companies by name', operationId: 'listCompanies' })
      .input(z.object({ ...pageInput, archived: z.enum(['true', 'false']).default('false') }))
      .output(pageOf(companySchema)),
    get: route('signed_in')
      .route({ method: 'GET', path: '/companies/{id}', tags: ['Companies'], summary: 'One company', operationId: 'getCompany' })
      .input(byId)
      .output(companySchema)
      .errors(missing),
    create: route('settings.manage')
      .route({ method: 'POST', path: '/companies', tags: ['Companies'], summary: 'Add a company', operationId: 'createCompany', successStatus: 201 })
      .input(z.object({ ...companyFields, isDefault: z.boolean().default(false) }))
      .output(companySchema)
      .errors({ ...limits, ...declare(e['company.name_taken']) }),
    update: route('settings.manage')
      .route({
        method: 'PATCH',
        path: '/companies/{id}',
        tags: ['Companies'],
        summary: 'Change a company, make it the default, archive or restore it',
        operationId: 'updateCompany',
      })
      .input(
        z.object({
          id: z.uuid(),
          version: z.number().int().min(1).max(2_000_000_000),
          ...changed(companyFields),
          isDefault: z.literal(true).optional(),
          archived: z.boolean().optional(),
        }),
      )
      .output(companySchema)
      .errors({ ...missing, ...stale, ...limits, ...declare(e['company.name_taken'], e['company.is_default']) }),
  },
  fxRates: {
    list: route('signed_in')
      .route({ method: 'GET', path: '/fx-rates', tags: ['Currencies'], summary: 'Rates, newest day first', operationId: 'listFxRates' })
      .input(z.object({ ...pageInput, base: currencyCode.optional(), quote: currencyCode.optional(), until: day.optional() }))
      .output(pageOf(fxRateSchema)),
    put: route('settings.manage')
      .route({ method: 'PUT', path: '/fx-rates', tags: ['Currencies'], summary: 'Enter the rate of a day: one base is value quote', operationId: 'putFxRate' })
      .input(
        z.object({
          base: currencyCode,
          quote: currencyCode,
          onDate: day,
          value: decimal,
          source: z
            .string()
            .regex(/^[a-z][a-z0-9_]{0,19}$/, 'is a short name like manual or bnr')
            .default('manual'),
        }),
      )
      .output(fxRateSchema)
      .errors({ ...limits, ...declare(e['fx_rate.differs']) }),
    on: route('signed_in')
      .route({
        method: 'GET',
        path: '/fx-rates/on',
        tags: ['Currencies'],
        summary: 'The rate to use on a day: the last known one, crossed when needed',
        operationId: 'getFxRateOn',
      })
      .input(z.object({ base: currencyCode, quote: currencyCode, onDate: day }))
      .output(z.object({ value: z.string(), onDate: day, source: z.string() }))
      .errors(missing),
  },
  views: {
    list: route('signed_in')
      .route({ method: 'GET', path: '/views', tags: ['Views'], summary: 'Your own and the shared views of a screen', operationId: 'listViews' })
      .input(z.object({ screen: text(60, { min: 1 }) }))
      .output(pageOf(viewSchema)),
    create: route('signed_in')
      .route({
        method: 'POST',
        path: '/views',
        tags: ['Views'],
        summary: 'Keep the state of a list under a name',
        operationId: 'createView',
        successStatus: 201,
      })
      .input(z.object({ screen: text(60, { min: 1 }), name: text(80, { min: 1 }), query: viewQuery, shared: z.boolean().default(false) }))
      .output(viewSchema)
      .errors(declare(e['view.name_taken'])),
    update: route('signed_in')
      .route({ method: 'PATCH', path: '/views/{id}', tags: ['Views'], summary: 'Rename, change, share or move one of your views', operationId: 'updateView' })
      .input(
        z.object({
          id: z.uuid(),
          name: text(80, { min: 1 }).optional(),
          query: viewQuery.optional(),
          shared: z.boolean().optional(),
          position: z.number().int().min(0).max(1000).optional(),
        }),
      )
      .output(viewSchema)
      .errors({ ...missing, ...declare(e['view.name_taken']) }),
    remove: route('signed_in')
      .route({ method: 'DELETE', path: '/views/{id}', tags: ['Views'], summary: 'Remove one of your views', operationId: 'removeView' })
      .input(byId)
      .output(done)
      .errors(missing),
  },
  settings: {
    get: route('signed_in')
      .route({ method: 'GET', path: '/settings', tags: ['Settings'], summary: 'Name, time zone and home currency of the shop', operationId: 'getSettings' })
      .output(shopSchema),
    update: route('settings.manage')
      .route({ method: 'PATCH', path: '/settings', tags: ['Settings'], summary: 'Change the settings of the shop', operationId: 'updateSettings' })
      .input(
        z.object({
          version: z.number().int().min(1).max(2_000_000_000),
          name: text(120, { min: 1 }).optional(),
          timeZone: timeZone.optional(),
          currency: currencyCode.optional(),
        }),
      )
      .output(shopSchema)
      .errors({ ...stale, ...limits }),
  },
  changes: {
    list: route('signed_in')
      .route({ method: 'GET', path: '/changes', tags: ['Changes'], summary: 'Change sets, newest first', operationId: 'listChanges' })
      .input(
        z.object({ ...pageInput, kind: text(60).optional(), entityKind: text(60).optional(), entityId: z.uuid().optional(), actorId: text(60).optional() }),
      )
      .output(pageOf(changeSetSchema)),
    get: route('signed_in')
      .route({ method: 'GET', path: '/changes/{id}', tags: ['Changes'], summary: 'One change set with its entries, by page', operationId: 'getChange' })
      .input(z.object({ id: z.uuid(), ...pageInput }))
      .output(z.object({ changeSet: changeSetSchema, entries: pageOf(changeEntrySchema) }))
      .errors(missing),
    history: route('signed_in')
      .route({
        method: 'GET',
        path: '/changes/entities/{kind}/{id}',
        tags: ['Changes'],
        summary: 'The history of one thing, newest first',
        operationId: 'getHistory',
      })
      .input(z.object({ kind: text(60, { min: 1 }), id: z.uuid(), ...pageInput }))
      .output(pageOf(z.object({ changeSet: changeSetSchema, entry: changeEntrySchema }))),
    undo: route('changes.undo')
      .route({
        method: 'POST',
        path: '/changes/{id}/undo',
        tags: ['Changes'],
        summary: 'Take back a change set; rows changed since are left alone and reported',
        operationId: 'undoChange',
      })
      .input(byId)
      .output(undoResultSchema)
      .errors({ ...missing, ...declare(e['change.already_undone'], e['change.still_running'], e['change.not_undoable']) }),
  },
};
