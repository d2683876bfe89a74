import type { ListingState } from '../../../../server/src/modules/catalog/contract.ts';
import type { State } from '../../ui/glyph.tsx';

/** The shape of a listing's state; `none` also stands for a channel the product is not offered on. */
export const listingShape: Record<ListingState['state'], State> = { live: 'good', sending: 'moving', differs: 'attention', refused: 'bad', ended: 'none' };

export type ListingWord =
  | 'none'
  | 'live'
  | 'outOfStock'
  | 'sendingTo'
  | 'sending'
  | 'differsOn'
  | 'differs'
  | 'refusedOn'
  | 'refusedOnWhy'
  | 'refused'
  | 'refusedWhy'
  | 'ended';

export interface ListingSummary {
  word: ListingWord;
  /** Only what needs a person is coloured. */
  state: State | undefined;
  count: number;
  channel: string;
  reason: string;
}

/** First sentence of a platform's answer, without the full stop, so that it fits a column. */
const brief = (error: string): string => (/^[^.!\n]{1,80}/.exec(error.trim())?.[0] ?? '').trim();

/** Where a product stands on all channels in one phrase: what needs a person first, then what is on its way, then what is there. */
export function summarise(listings: readonly ListingState[], nameOf: (channelId: string) => string, available: number | undefined): ListingSummary {
  const of = (state: ListingState['state']) => listings.filter((listing) => listing.state === state);
  const tell = (word: ListingWord, among: readonly ListingState[], state?: State, reason = ''): ListingSummary => ({
    word,
    state,
    count: among.length,
    channel: nameOf(among[0]?.channelId ?? ''),
    reason,
  });
  const refused = of('refused');
  if (refused.length > 0) {
    const reasons = new Set(refused.map((listing) => brief(listing.error)));
    const reason = reasons.size === 1 ? ([...reasons][0] ?? '') : '';
    if (refused.length === 1) return tell(reason === '' ? 'refusedOn' : 'refusedOnWhy', refused, 'bad', reason);
    return tell(reason === '' ? 'refused' : 'refusedWhy', refused, 'bad', reason);
  }
  const differs = of('differs');
  if (differs.length > 0) return tell(differs.length === 1 ? 'differsOn' : 'differs', differs, 'attention');
  const sending = of('sending');
  if (sending.length > 0) return tell(sending.length === 1 ? 'sendingTo' : 'sending', sending);
  const live = of('live');
  if (live.length > 0) return available !== undefined && available <= 0 ? tell('outOfStock', live, 'attention') : tell('live', live);
  const ended = of('ended');
  return ended.length > 0 ? tell('ended', ended) : tell('none', []);
}

/** So few are left that somebody should look: the list has no reorder point to measure by. */
const LOW = 5;
export const stockShape = (available: number): State | undefined => (available <= 0 ? 'bad' : available <= LOW ? 'attention' : undefined);
