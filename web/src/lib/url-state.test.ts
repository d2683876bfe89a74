import { expect, test } from 'vitest';
import { paths, safeBack } from './paths.ts';
import { listSearch, manyOf, oneOf, parseSearch, someFlag, someNumber, stringifySearch } from './url-state.ts';

const search = listSearch({ status: oneOf(['active', 'draft']), tag: manyOf(), below: someNumber(), flag: someFlag() }, ['-createdAt', 'title']);

test('an address keeps several values of one filter and comes back the same', () => {
  const address = '?status=active&tag=a&tag=b+c&below=40';
  expect(stringifySearch(parseSearch(address))).toBe(address);
});

test('what a list reads from its address is typed', () => {
  expect(search.parse(parseSearch('?status=active&tag=a&below=40.5&flag=true&sort=title'))).toEqual({
    status: 'active',
    tag: ['a'],
    below: 40.5,
    flag: true,
    sort: 'title',
    q: undefined,
    view: undefined,
  });
});

test.each(['?status=gone', '?below=1e9', '?below=a', '?sort=password', '?flag=yes', '?status=active&status=draft', '?q=' + 'x'.repeat(300)])(
  'a value that does not fit counts as not given: %s',
  (address) => {
    const { sort, ...rest } = search.parse(parseSearch(address));
    expect(sort).toBe('-createdAt');
    expect(Object.values(rest).filter((value) => value !== undefined)).toEqual([]);
  },
);

test.each([
  ['/orders?status=new', '/orders?status=new'],
  ['//elsewhere.example', '/'],
  ['/\\elsewhere.example', '/'],
  ['https://elsewhere.example', '/'],
  ['/sign-in?back=/', '/'],
  [undefined, '/'],
])('after signing in, %s leads to %s', (back, to) => {
  expect(safeBack(back)).toBe(to);
});

test('a link leaves out empty members and escapes the rest', () => {
  expect(paths.products({ status: undefined, q: '', tag: ['a&b', 'c'] })).toBe('/products?tag=a%26b&tag=c');
  expect(paths.product('a/b')).toBe('/products/a%2Fb');
});
