import { expect, test } from 'vitest';
import { clashes, emptyValues, firstChoice, patchOf, resolved, toCreate, toMembers } from './product-values.ts';
import type { ProductValues } from './product-values.ts';

const values = (change: Partial<ProductValues> = {}): ProductValues => ({
  ...emptyValues('RON'),
  sku: 'POT-1',
  title: 'Copper pot',
  price: '80.00',
  ...change,
});
const members = (change: Partial<ProductValues> = {}) => toMembers(values(change));

test('only what a person changed is sent', () => {
  expect(patchOf(members(), members({ title: 'Pot', price: '80' }))).toEqual({ title: 'Pot' });
  expect(patchOf(members({ barcode: '123' }), members())).toEqual({ barcode: null });
});

test('the same amount typed otherwise is no change', () => {
  expect(patchOf(members({ price: '1234.50' }), members({ price: '1.234,5' }))).toEqual({});
});

test('a cost is set or changed, never emptied', () => {
  expect(patchOf(members(), members({ cost: '3,14' }))).toEqual({ cost: { amount: '3.14', currency: 'RON' } });
  expect(patchOf(members({ cost: '3.14' }), members())).toEqual({});
});

test('names without a value are left out, and so are rows without a name', () => {
  const attributes = [
    { key: '1', name: 'Material', value: 'Copper' },
    { key: '2', name: 'Colour', value: '' },
    { key: '3', name: '', value: 'lost' },
  ];
  expect(members({ attributes }).attributes).toEqual({ Material: 'Copper' });
});

test('a new product takes only what was filled in', () => {
  expect(toCreate(values({ tags: ['kitchen'] }))).toEqual({
    sku: 'POT-1',
    title: 'Copper pot',
    price: { amount: '80.00', currency: 'RON' },
    tags: ['kitchen'],
  });
});

test('two people: who changed what decides what stays at first', () => {
  const found = clashes(members(), members({ title: 'Mine', brand: 'Mine too' }), members({ title: 'Theirs', vatRate: '19' }));
  expect(found.map((clash) => [clash.member, clash.by, firstChoice(clash)])).toEqual([
    ['title', 'both', 'mine'],
    ['brand', 'me', 'mine'],
    ['vatRate', 'them', 'theirs'],
  ]);
});

test('what both changed alike is no clash', () => {
  expect(clashes(members(), members({ title: 'Same' }), members({ title: 'Same' }))).toEqual([]);
});

test('after the choices the form holds theirs where theirs was taken', () => {
  const form = resolved(values({ title: 'Mine', price: '90.00' }), values({ title: 'Theirs', vatRate: '19' }), ['vatRate', 'title']);
  expect(form).toMatchObject({ title: 'Theirs', vatRate: '19', price: '90.00' });
});
