import { formatNumber } from '../lib/format.ts';
import css from './curve.module.css';
import type { State } from './glyph.tsx';
import { Link } from './link.tsx';

export interface Share {
  id: string;
  count: number;
  /** Words after the figure: "late". */
  label: string;
  /** Where its rows are listed. */
  to: string;
  /** What colours its bar; a part of nothing stays grey. */
  state?: State;
}

/** Parts of a whole as bars over their figures, each a link to what it counts. Small parts keep room for their words. */
export function ShareBar({ shares }: { shares: readonly Share[] }) {
  return (
    <div className={css.shares} style={{ gridTemplateColumns: shares.map((share) => `minmax(9ch, ${Math.max(1, Math.sqrt(share.count))}fr)`).join(' ') }}>
      {shares.map((share) => (
        <Link key={share.id} to={share.to} className={css.share} data-state={share.count === 0 ? undefined : share.state}>
          <span className={css.shareBar} />
          <strong>{formatNumber(share.count)}</strong> {share.label}
        </Link>
      ))}
    </div>
  );
}
