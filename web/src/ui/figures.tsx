import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatAmount, formatNumber, formatPercent } from '../lib/format.ts';
import type { Money as MoneyValue } from '../lib/format.ts';
import type { State } from './glyph.tsx';
import { Glyph } from './glyph.tsx';
import css from './kit.module.css';

/** An amount with its currency lighter; `strong` for the one that counts; `signed` for differences. `null` draws a dash. */
export function Money({ value, strong = false, signed = false }: { value: MoneyValue | null | undefined; strong?: boolean; signed?: boolean }) {
  if (value === null || value === undefined) return <Nothing />;
  return (
    <span className={css.figure} data-strong={strong || undefined}>
      {formatAmount(value, { signed })} <span className={css.unit}>{value.currency}</span>
    </span>
  );
}

/** A number with an optional lighter unit: `38.7 %`, `36 kg`. */
export function Num({
  value,
  unit,
  places,
  strong = false,
  signed = false,
}: {
  value: number | null | undefined;
  unit?: string;
  places?: number;
  strong?: boolean;
  signed?: boolean;
}) {
  if (value === null || value === undefined) return <Nothing />;
  return (
    <span className={css.figure} data-strong={strong || undefined}>
      {formatNumber(value, { places, signed })}
      {unit === undefined ? null : <span className={css.unit}> {unit}</span>}
    </span>
  );
}

/** A share of one as a percentage: `0.314` → `31.4 %`. */
export function Percent({ value, places = 1 }: { value: number | null | undefined; places?: number }) {
  if (value === null || value === undefined) return <Nothing />;
  return (
    <span className={css.figure}>
      {formatPercent(value, { places })}
      <span className={css.unit}> %</span>
    </span>
  );
}

const Nothing = () => <span className={css.nothing}>–</span>;

/** What is available, with its shape when low, and the reorder point lighter: `▲ 26 / 110`. */
export function Stock({ value, of, state }: { value: number; of?: number | null; state?: State }) {
  return (
    <span className={css.figure} data-state={state}>
      {state === undefined || state === 'good' ? null : <Glyph state={state} />} {formatNumber(value)}
      {of === null || of === undefined ? null : <span className={css.unit}> / {formatNumber(of)}</span>}
    </span>
  );
}

/**
 * A change against a base that is always named. `value` is a share (`0.079` → `↑ 7.9 %`).
 * `good` says which direction is good; without it the figure stays neutral (spend).
 */
export function Delta({ value, base, good }: { value: number | null; base: string; good?: 'up' | 'down' }) {
  const { t } = useTranslation();
  if (value === null) return <Nothing />;
  const up = value > 0;
  const flat = Math.abs(value) < 0.0005;
  const meaning = good === undefined || flat ? undefined : (good === 'up') === up ? 'good' : 'bad';
  const size = `${formatPercent(Math.abs(value))} %`;
  const words = flat ? t('delta.same') : t(up ? 'delta.up' : 'delta.down', { value: size });
  return (
    <span className={css.delta} data-state={meaning} title={t('delta.against', { base })} aria-label={`${words} ${t('delta.against', { base })}`}>
      {flat ? '' : up ? '↑ ' : '↓ '}
      {size.replace(' ', '')}
    </span>
  );
}

/** A figure that leads a panel: label, large number, unit, and what it moved by. */
export function BigFigure({
  label,
  value,
  unit,
  delta,
  note,
  children,
}: {
  label: ReactNode;
  value: string;
  unit?: string;
  delta?: ReactNode;
  note?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className={css.bigFigure}>
      <div className={css.bigLabel}>{label}</div>
      <div className={css.bigValue}>
        {value}
        {unit === undefined ? null : <span className={css.bigUnit}> {unit}</span>} {delta}
      </div>
      {note === undefined ? null : <div className={css.bigNote}>{note}</div>}
      {children}
    </div>
  );
}

const WIDE = 56;
const HIGH = 18;

/** A small line of values, oldest first, its last point marked. `series` takes a channel's colour, 1 to 6; else grey. */
export function Spark({ values, label, series, filled = false }: { values: readonly number[]; label: string; series?: number; filled?: boolean }) {
  if (values.length < 2) return <Nothing />;
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const points = values.map((value, index) => [2 + (index * (WIDE - 5)) / (values.length - 1), HIGH - 3 - ((value - low) / span) * (HIGH - 6)] as const);
  const line = points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
  const [endX, endY] = points[points.length - 1] ?? [0, 0];
  return (
    <svg className={css.spark} viewBox={`0 0 ${WIDE} ${HIGH}`} role="img" aria-label={label} data-series={series}>
      {filled ? <path d={`${line}L${endX.toFixed(1)} ${HIGH}L2 ${HIGH}z`} fill="currentColor" opacity=".1" /> : null}
      <path d={line} fill="none" stroke="currentColor" strokeWidth="1.2" strokeLinejoin="round" />
      <circle cx={endX} cy={endY} r="1.7" fill="currentColor" />
    </svg>
  );
}

/** A short bar of how much is there, 0 to 1, with its figure: completeness, a share. */
export function Meter({ value, label, state }: { value: number; label: string; state?: State }) {
  const share = Math.max(0, Math.min(1, value));
  return (
    <span className={css.meter} data-state={state}>
      <span className={css.meterBar} role="img" aria-label={label}>
        <span style={{ inlineSize: `${share * 100}%` }} />
      </span>
      <span className={css.figure}>{formatNumber(Math.round(share * 100))}</span>
    </span>
  );
}
