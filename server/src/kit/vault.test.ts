import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createVault } from './vault.ts';

test('what was sealed can be opened, and only with its own context', () => {
  const vault = createVault(['secret one']);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, context) => {
      const sealed = vault.seal(plain, context);
      expect(sealed).not.toContain(plain.length > 3 ? plain : 'never');
      expect(vault.open(sealed, context)).toBe(plain);
      expect(() => vault.open(sealed, `${context}x`)).toThrow();
    }),
  );
});

test('the same text never gives the same seal', () => {
  const vault = createVault(['secret one']);
  expect(vault.seal('key', 'a')).not.toBe(vault.seal('key', 'a'));
});

test('an altered seal does not open', () => {
  const vault = createVault(['secret one']);
  const sealed = vault.seal('the api secret', 'channel:1');
  for (let index = 4; index < sealed.length; index++) {
    // The last characters of base64url may hold bits that mean nothing; everything else counts.
    const other = sealed[index] === 'A' ? 'z' : 'A';
    const altered = `${sealed.slice(0, index)}${other}${sealed.slice(index + 1)}`;
    try {
      expect(vault.open(altered, 'channel:1')).toBe('the api secret');
      expect(index === sealed.length - 1 || sealed[index + 1] === '.').toBe(true);
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
    }
  }
});

test('a new secret seals, old ones still open, an unknown one says which key is missing', () => {
  const before = createVault(['old secret']);
  const sealed = before.seal('x', 'c');
  const after = createVault(['new secret', 'old secret']);
  expect(after.open(sealed, 'c')).toBe('x');
  expect(after.seal('x', 'c').split('.')[1]).toBe(after.keyId);
  expect(after.keyId).not.toBe(before.keyId);
  expect(() => createVault(['another']).open(sealed, 'c')).toThrow(before.keyId);
});
