import { expect, test } from 'vitest';
import { testApp } from '../../../test/app.ts';
import { systemActor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import { closeChangeSet, openChangeSet } from './changes.ts';
import type { Undo } from './changes.ts';
import type { ChangeEntry, ChangeSet, Company, Shop } from './contract.ts';
import { undoChangeSet } from './undo.ts';

const { app, call, keyFor } = await testApp();
type Listed<T> = { items: T[]; nextCursor: string | null };
let made = 0;
const company = async (): Promise<Company> =>
  (await call<Company>('POST', '/api/companies', { name: `Company ${++made}`, country: 'RO', currency: 'RON' })).body;
const edit = async (before: Company, change: object): Promise<Company> =>
  (await call<Company>('PATCH', `/api/companies/${before.id}`, { version: before.version, ...change })).body;
const newest = async (): Promise<ChangeSet> => (await call<Listed<ChangeSet>>('GET', '/api/changes?limit=1')).body.items[0] as ChangeSet;
const undo = (id: string, as?: string) =>
  call<{ restored: number; conflictCount: number; conflicts: { label: string; reason: string }[]; undoSetId: string | null; code: string }>(
    'POST',
    `/api/changes/${id}/undo`,
    undefined,
    as === undefined ? {} : { as },
  );

/** A change set as another module would write it. */
const record = (entries: { kind: string; before: object; after: object; id?: string }[], companyId: string | null = null) =>
  app.db.transaction(async (tx) => {
    const id = await openChangeSet(tx, systemActor, { kind: 'edit', reason: 'By another module', companyId });
    for (const entry of entries) {
      await tx.run(
        sql`insert into change_entry values (${id}, ${entry.kind}, ${entry.id ?? tx.newId()}, 'update', ${JSON.stringify(entry.before)}::jsonb, ${JSON.stringify(entry.after)}::jsonb)`,
      );
    }
    await closeChangeSet(tx, id);
    return id;
  });

test('a save tells who changed which field from what to what', async () => {
  const before = await company();
  await edit(before, { vatNumber: 'RO1', legalName: 'One SRL' });
  const set = await newest();
  expect(set).toMatchObject({ kind: 'edit', reason: `Company ${before.name}`, actorName: 'test owner', entryCount: 1, undoable: true, undoneBy: null });
  const { body } = await call<{ entries: Listed<ChangeEntry> }>('GET', `/api/changes/${set.id}`);
  expect(body.entries.items).toEqual([
    {
      entityKind: 'company',
      entityId: before.id,
      label: before.name,
      op: 'update',
      fields: [
        { field: 'legal_name', before: '', after: 'One SRL' },
        { field: 'vat_number', before: '', after: 'RO1' },
      ],
    },
  ]);
});

test('a save that changes nothing leaves no trace', async () => {
  const before = await company();
  const last = await newest();
  expect((await edit(before, { name: before.name })).version).toBe(before.version + 1);
  expect((await newest()).id).toBe(last.id);
});

test('undo brings the fields back in a change set of its own, once', async () => {
  const before = await company();
  await edit(before, { name: 'Renamed SRL', vatNumber: 'RO2' });
  const set = await newest();
  const first = await undo(set.id);
  expect(first.body).toMatchObject({ restored: 1, conflictCount: 0, conflicts: [] });
  expect((await call<Company>('GET', `/api/companies/${before.id}`)).body).toMatchObject({ name: before.name, vatNumber: '' });
  expect(await newest()).toMatchObject({ id: first.body.undoSetId, kind: 'undo', undoOf: set.id });
  expect((await call<{ changeSet: ChangeSet }>('GET', `/api/changes/${set.id}`)).body.changeSet).toMatchObject({
    undoneBy: first.body.undoSetId,
    undoable: false,
  });
  expect((await undo(set.id)).body).toMatchObject({ status: 409, code: 'change.already_undone' });
});

test('an undo can be undone', async () => {
  const before = await company();
  await edit(before, { vatNumber: 'RO3' });
  const first = await undo((await newest()).id);
  expect((await undo(first.body.undoSetId ?? '')).body).toMatchObject({ restored: 1 });
  expect((await call<Company>('GET', `/api/companies/${before.id}`)).body.vatNumber).toBe('RO3');
});

test('two undos at the same moment take back once', async () => {
  const before = await company();
  await edit(before, { vatNumber: 'RO4' });
  const set = await newest();
  const answers = await Promise.all([undo(set.id), undo(set.id)]);
  expect(answers.map((answer) => answer.status).toSorted((one, two) => one - two)).toEqual([200, 409]);
});

test('what was changed since is left alone and reported, and the change stays undoable', async () => {
  const before = await company();
  const second = await edit(before, { vatNumber: 'RO5' });
  const set = await newest();
  await edit(second, { vatNumber: 'RO6' });
  expect((await undo(set.id)).body).toMatchObject({
    restored: 0,
    undoSetId: null,
    conflictCount: 1,
    conflicts: [{ label: before.name, reason: 'It was changed since.' }],
  });
  expect((await call<Company>('GET', `/api/companies/${before.id}`)).body.vatNumber).toBe('RO6');
  expect((await call<{ changeSet: ChangeSet }>('GET', `/api/changes/${set.id}`)).body.changeSet.undoable).toBe(true);
});

test('a field changed since does not keep the other fields of its row from being told as a conflict, but another row is brought back', async () => {
  const [one, two] = [await company(), await company()];
  const set = await record([
    { kind: 'company', id: one.id, before: { vat_number: 'OLD' }, after: { vat_number: 'never so' } },
    { kind: 'company', id: two.id, before: { vat_number: 'OLD' }, after: { vat_number: '' } },
  ]);
  expect((await undo(set)).body).toMatchObject({ restored: 1, conflictCount: 1, conflicts: [{ label: one.name }] });
  expect((await call<Company>('GET', `/api/companies/${two.id}`)).body.vatNumber).toBe('OLD');
});

test('a name that another company took since is a conflict', async () => {
  const before = await company();
  await edit(before, { name: 'Moved on SRL' });
  const set = await newest();
  await call('POST', '/api/companies', { name: before.name, country: 'RO', currency: 'RON' });
  expect((await undo(set.id)).body).toMatchObject({ restored: 0, conflictCount: 1 });
});

test('settings of the shop are saved on their version, logged and taken back', async () => {
  const { body: before } = await call<Shop>('GET', '/api/settings');
  const { body: after } = await call<Shop>('PATCH', '/api/settings', { version: before.version, name: 'Other name', currency: 'EUR' });
  expect(after).toMatchObject({ name: 'Other name', currency: 'EUR', version: before.version + 1 });
  expect((await call('PATCH', '/api/settings', { version: before.version, name: 'Late' })).body).toMatchObject({
    code: 'resource.stale',
    current: { name: 'Other name' },
  });
  await undo((await newest()).id);
  expect((await call<Shop>('GET', '/api/settings')).body).toMatchObject({ name: before.name, currency: before.currency });
});

test('users and keys are not brought back by undo', async () => {
  await call('POST', '/api/api-keys', { name: 'x', role: 'viewer' });
  const set = await newest();
  expect(set.undoable).toBe(false);
  expect((await undo(set.id)).body).toMatchObject({ code: 'change.not_undoable' });
});

test('later modules take back first, and what nobody takes back is told', async () => {
  const calls: string[] = [];
  const undoer =
    (kind: string): Undo =>
    async () => {
      calls.push(kind);
      return { restored: 2, conflicts: [], conflictCount: 0 };
    };
  const id = await record(['company', 'product', 'order', 'api_key'].map((kind) => ({ kind, before: { a: 1 }, after: { a: 2 } })));
  const undoers = new Map(['company', 'product', 'listing', 'order'].map((kind) => [kind, undoer(kind)]));
  const result = await app.db.transaction((tx) => undoChangeSet({ undoers }, tx, systemActor, id));
  expect(calls).toEqual(['order', 'product', 'company']);
  expect(result).toMatchObject({ restored: 6, conflictCount: 1, conflicts: [{ entityKind: 'api_key' }] });
});

test('undo asks for the right to change what it changes', async () => {
  const before = await company();
  await edit(before, { vatNumber: 'RO7' });
  const set = await newest();
  expect((await undo(set.id, await keyFor('viewer'))).body).toMatchObject({ code: 'auth.forbidden', right: 'changes.undo' });
  expect((await undo(set.id, await keyFor('catalogue_editor'))).body).toMatchObject({ code: 'auth.forbidden', right: 'settings.manage' });
});

test('changes of another company do not exist', async () => {
  const [mine, other] = [await company(), await company()];
  await edit(other, { vatNumber: 'RO8' });
  const set = await newest();
  const limited = await keyFor('manager', [mine.id]);
  expect((await call('GET', `/api/changes/${set.id}`, undefined, { as: limited })).status).toBe(404);
  expect((await undo(set.id, limited)).status).toBe(404);
  expect((await call<Listed<object>>('GET', `/api/changes/entities/company/${other.id}`, undefined, { as: limited })).body.items).toEqual([]);
  expect((await call<Listed<ChangeSet>>('GET', '/api/changes?limit=200', undefined, { as: limited })).body.items.some((one) => one.id === set.id)).toBe(false);
});

test('fields and things that a role may not see are left out', async () => {
  const id = await record([
    {
      kind: 'order',
      before: { status: 'new', customer_name: 'Ion', ship_to: {} },
      after: { status: 'shipped', customer_name: 'Ana', ship_to: { city: 'Cluj' } },
    },
    { kind: 'product_cost', before: { unit_cost: 1 }, after: { unit_cost: 2 } },
    { kind: 'channel', before: { name: 'a', credentials: 'sealed' }, after: { name: 'b', credentials: 'sealed again' } },
    { kind: 'user', before: { name: 'a' }, after: { name: 'b' } },
  ]);
  const seen = async (as?: string) =>
    (await call<{ entries: Listed<ChangeEntry> }>('GET', `/api/changes/${id}`, undefined, as === undefined ? {} : { as })).body.entries.items.map((entry) => [
      entry.entityKind,
      ...entry.fields.map((field) => field.field),
    ]);
  expect(await seen()).toEqual([
    ['channel', 'name'],
    ['order', 'customer_name', 'ship_to', 'status'],
    ['product_cost', 'unit_cost'],
    ['user', 'name'],
  ]);
  expect(await seen(await keyFor('order_desk'))).toEqual([
    ['channel', 'name'],
    ['order', 'customer_name', 'ship_to', 'status'],
  ]);
  expect(await seen(await keyFor('viewer'))).toEqual([
    ['channel', 'name'],
    ['order', 'status'],
  ]);
});

test('the history of one thing is newest first and pages', async () => {
  let current = await company();
  for (const vatNumber of ['1', '2', '3']) current = await edit(current, { vatNumber });
  const history = (query: string) => call<Listed<{ entry: ChangeEntry }>>('GET', `/api/changes/entities/company/${current.id}?${query}`);
  const first = (await history('limit=3')).body;
  const second = (await history(`limit=3&cursor=${first.nextCursor}`)).body;
  const steps = [...first.items, ...second.items].map(({ entry }) => entry.fields[0]?.after ?? entry.op);
  expect(steps).toEqual(['3', '2', '1', 'create']);
  expect(second.nextCursor).toBeNull();
});

test('the list pages without loss and filters by kind, thing and actor', async () => {
  const all: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Listed<ChangeSet> = (await call<Listed<ChangeSet>>('GET', `/api/changes?limit=7${cursor === null ? '' : `&cursor=${cursor}`}`)).body;
    all.push(...page.items.map((set) => set.id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  const { count } = await app.db.one<{ count: number }>(sql`select count(*) as count from change_set`);
  expect([all.length, new Set(all).size]).toEqual([count, count]);
  const kinds = async (query: string) => new Set((await call<Listed<ChangeSet>>('GET', `/api/changes?limit=200&${query}`)).body.items.map((set) => set.kind));
  expect([...(await kinds('kind=undo'))]).toEqual(['undo']);
  expect([...(await kinds('entityKind=api_key'))].toSorted()).toEqual(['access', 'edit']);
  expect((await kinds('actorId=nobody')).size).toBe(0);
  expect((await call('GET', '/api/changes?cursor=xx')).body).toMatchObject({ status: 400, field: 'cursor' });
});

test('a change whose run is still at work is not undone', async () => {
  const before = await company();
  await edit(before, { vatNumber: 'RO9' });
  const set = await newest();
  await app.db.transaction((tx) =>
    tx.run(sql`
    insert into run (id, kind, title, state, input, actor, change_set_id, created_at) values (${tx.newId()}, 'test', 'Test', 'queued', '{}', '{"name":"x"}', ${set.id}, ${tx.now})`),
  );
  expect((await undo(set.id)).body).toMatchObject({ code: 'change.still_running' });
});
