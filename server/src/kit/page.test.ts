import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor, toPage } from './page.ts';

test('a cursor comes back as the keys it was made of', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer(), (text, number) => {
      fc.pre(!text.includes('\u0000'));
      expect(decodeCursor(encodeCursor('title', [text, number]), 'title', 2)).toEqual([text, number]);
    }),
  );
});

test('no cursor means the first page', () => expect(decodeCursor(undefined, 'title', 2)).toBeUndefined());

test.each([
  'x',
  'e30',
  '',
  Buffer.from('["title"]').toString('base64url'),
  encodeCursor('price', ['a', 1]),
  encodeCursor('title', ['a', 1, 2]),
  Buffer.from('["title",{},1]').toString('base64url'),
  encodeCursor('title', ['a\u0000', 1]),
])('the cursor %j is refused as bad input', (cursor) =>
  expect(() => decodeCursor(cursor, 'title', 2)).toThrow(expect.objectContaining({ code: 'input.invalid', field: 'cursor', status: 400 })),
);

test('anything at all is either read or refused, never a crash', () => {
  fc.assert(
    fc.property(fc.string(), (cursor) => {
      try {
        decodeCursor(cursor, 'title', 1);
      } catch (error) {
        expect(error).toMatchObject({ code: 'input.invalid' });
      }
    }),
  );
});

test('one row more than asked for means there is a next page', () => {
  const rows = [1, 2, 3];
  expect(
    toPage(
      rows,
      2,
      's',
      (row) => [row],
      (row) => row,
    ),
  ).toEqual({ items: [1, 2], nextCursor: encodeCursor('s', [2]) });
  expect(
    toPage(
      rows,
      3,
      's',
      (row) => [row],
      (row) => row,
    ),
  ).toEqual({ items: [1, 2, 3], nextCursor: null });
});
