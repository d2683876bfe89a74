import type { OrderStatus, PackageStatus } from './contract.ts';

/* How far packages, lines and orders have come. Pure: what is known of the packages decides, in whatever order it arrived. */

const ladder: readonly PackageStatus[] = [
  'unknown',
  'pending',
  'new',
  'processing',
  'shipped',
  'delivery_failed',
  'delivered',
  'returned',
  'cancelled',
  'superseded',
];
const rank = (status: PackageStatus): number => ladder.indexOf(status);

/** The goods of a package with this status have left the house. */
export const hasLeft = (status: PackageStatus): boolean =>
  status === 'shipped' || status === 'delivery_failed' || status === 'delivered' || status === 'returned';

/** The platform's newer word on a package beside the one before: a status never goes back, and a word we do not know changes nothing. */
export const advance = (before: PackageStatus, told: PackageStatus): PackageStatus => (rank(told) > rank(before) ? told : before);

/**
 * What holds for a package: as reported, except that one which others were made from has been dissolved, whether or not the platform
 * has said so yet. Goods that left stay left.
 */
export const standing = (reported: PackageStatus, isOrigin: boolean): PackageStatus => (isOrigin && !hasLeft(reported) ? 'superseded' : reported);

export type LineState = 'open' | 'shipped' | 'cancelled' | 'superseded' | 'returned';

/** State of a line from its package and its own cancellation. What has left the house once is not called back by a later cancellation. */
export function lineState(was: LineState, status: PackageStatus, cancelled: boolean): LineState {
  const left = was === 'shipped' || was === 'returned';
  if (hasLeft(status)) {
    if (cancelled && !left) return 'cancelled';
    return status === 'returned' ? 'returned' : 'shipped';
  }
  if (left) return was;
  if (status === 'superseded') return 'superseded';
  return status === 'cancelled' || cancelled ? 'cancelled' : 'open';
}

const orderRank: readonly OrderStatus[] = ['pending', 'new', 'processing', 'shipped', 'delivery_failed', 'delivered', 'returned', 'cancelled'];

/** The weakest status of the packages that still stand; undefined while all are dissolved and their successors are not here yet. */
export function orderStatus(packages: readonly PackageStatus[]): OrderStatus | undefined {
  const standingOnes = packages.flatMap((status) => (status === 'superseded' ? [] : [orderRank.indexOf(status === 'unknown' ? 'pending' : status)]));
  return standingOnes.length === 0 ? undefined : orderRank[Math.min(...standingOnes)];
}
