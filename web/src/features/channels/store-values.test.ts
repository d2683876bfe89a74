import { describe, expect, it } from 'vitest';
import type { FormField } from '../../../../server/src/modules/channels/contract.ts';
import { changedOnly, formOutput, offeredOf, pathOf, toRule } from './store-values.ts';

const everything = { sharePercent: 100, buffer: 0, minimum: 0, cap: null };

describe('what a store is offered', () => {
  it.each([
    [25, {}, 25],
    [25, { sharePercent: 50 }, 12],
    [25, { sharePercent: 50, buffer: 2 }, 10],
    [1, { sharePercent: 50 }, 0],
    [3, { buffer: 5 }, 0],
    [4, { minimum: 5 }, 0],
    [5, { minimum: 5 }, 5],
    [1000, { cap: 20 }, 20],
    [10, { cap: 0 }, 0],
    [-4, {}, 0],
    [7.9, {}, 7],
  ])('of %d with %o is %d', (available, rule, offered) => {
    expect(offeredOf(available, { ...everything, ...rule })).toBe(offered);
  });

  it('reads a rule from inputs that may be empty or out of range', () => {
    expect(toRule({ sharePercent: '', buffer: '3', minimum: -1, cap: '' })).toEqual({ sharePercent: 0, buffer: 3, minimum: 0, cap: null });
    expect(toRule({ sharePercent: 250, buffer: 0, minimum: 0, cap: 0 })).toEqual({ sharePercent: 100, buffer: 0, minimum: 0, cap: 0 });
  });
});

describe('a form from a manifest', () => {
  const fields: FormField[] = [
    { name: 'seller', label: 'Seller', kind: 'text', required: true },
    { name: 'secret', label: 'Secret', kind: 'secret', required: true },
    { name: 'minutes', label: 'Minutes', kind: 'number', required: false },
  ];

  it('sends numbers as numbers and leaves out what is empty', () => {
    expect(formOutput(fields, { seller: '12', secret: '', minutes: '5' })).toEqual({ seller: '12', minutes: 5 });
  });

  it('sends of the keys only what is new', () => {
    expect(changedOnly(fields, { seller: '12', secret: '', minutes: 5 }, { seller: '12', secret: '', minutes: 5 })).toEqual({});
    expect(changedOnly(fields, { seller: '12', secret: 'new', minutes: 5 }, { seller: '12', secret: '', minutes: 5 })).toEqual({ secret: 'new' });
  });

  it('finds the input that an answer names', () => {
    const platform = { credentials: fields, settings: [{ name: 'front', label: 'Front', kind: 'text' as const, required: true }] };
    expect([pathOf(platform, 'secret'), pathOf(platform, 'front'), pathOf(platform, 'name')]).toEqual(['credentials.secret', 'settings.front', 'name']);
  });
});
