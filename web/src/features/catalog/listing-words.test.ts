import { expect, test } from 'vitest';
import type { ListingState } from '../../../../server/src/modules/catalog/contract.ts';
import { stockShape, summarise } from './listing-words.ts';

const names: Record<string, string> = { n: 'North', s: 'South', w: 'West' };
const on = (channelId: string, state: ListingState['state'], error = ''): ListingState => ({ channelId, state, error });
const told = (listings: readonly ListingState[], available = 9) => {
  const { word, count, channel, reason } = summarise(listings, (id) => names[id] ?? '', available);
  return [word, count, channel, reason];
};

test.each([
  ['nothing is offered', [], ['none', 0, '', '']],
  ['live on two', [on('n', 'live'), on('s', 'live')], ['live', 2, 'North', '']],
  [
    'a refusal comes before everything',
    [on('n', 'live'), on('s', 'differs'), on('w', 'refused', 'Brand is not in their list. Code 17.')],
    ['refusedOnWhy', 1, 'West', 'Brand is not in their list'],
  ],
  ['refused on two for the same reason', [on('n', 'refused', 'No image.'), on('s', 'refused', 'No image.')], ['refusedWhy', 2, 'North', 'No image']],
  ['refused on two for different reasons', [on('n', 'refused', 'No image'), on('s', 'refused', 'No brand')], ['refused', 2, 'North', '']],
  ['refused without a word', [on('n', 'refused')], ['refusedOn', 1, 'North', '']],
  ['a difference comes before what is on its way', [on('n', 'differs'), on('s', 'sending')], ['differsOn', 1, 'North', '']],
  ['on its way to one', [on('n', 'live'), on('s', 'sending')], ['sendingTo', 1, 'South', '']],
  ['ended everywhere', [on('n', 'ended')], ['ended', 1, 'North', '']],
] as const)('%s', (_name, listings, words) => expect(told(listings)).toEqual(words));

test('live without stock is out of stock; unknown stock is not', () => {
  expect(told([on('n', 'live')], 0)[0]).toBe('outOfStock');
  expect(summarise([on('n', 'live')], () => 'North', undefined).word).toBe('live');
});

test('none left and few left have a shape, enough has none', () => {
  expect([-1, 0, 1, 5, 6].map(stockShape)).toEqual(['bad', 'bad', 'attention', 'attention', undefined]);
});
