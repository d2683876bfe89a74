import { VisuallyHidden } from '@mantine/core';
import css from './curve.module.css';

export interface CurveProps {
  /** What the figures are: "Net sales, running total". */
  label: string;
  /** Ours so far: one value per step, null where it has not come; `at` is how far the present is along the axis, 0 to 1. */
  now: { label: string; values: readonly (number | null)[]; at: number };
  /** What it is held against: one value per step. */
  before: { label: string; values: readonly number[] };
  /** Names of the steps, for the table behind the drawing. */
  steps: readonly string[];
  /** Words under the axis, at a share of its length. */
  axis: readonly { at: number; label: string }[];
  /** Short form for the levels: `25k`. */
  short: (value: number) => string;
  /** Full form for the table. */
  full: (value: number) => string;
}

/** The level of which two hold the highest value: 1, 2, 2.5 or 5 of some power of ten. */
export function levelFor(highest: number): number {
  const half = Math.max(1, highest) / 2;
  const power = 10 ** Math.floor(Math.log10(half));
  return ([1, 2, 2.5, 5, 10].find((step) => step * power >= half) ?? 10) * power;
}

/** A running total against an earlier one: ours solid, the other dashed, both named where they end, the figures as a table behind. */
export function Curve({ label, now, before, steps, axis, short, full }: CurveProps) {
  const known = now.values.filter((value) => value !== null);
  const last = known.at(-1) ?? 0;
  const highest = Math.max(...before.values, last);
  const level = levelFor(highest);
  const y = (value: number): number => 100 - (Math.max(0, value) / (level * 2)) * 100;
  const x = (step: number): number => ((step + 1) / steps.length) * 100;
  const path = (points: readonly (readonly [number, number])[]): string =>
    `M0 100${points.map(([left, top]) => `L${left.toFixed(2)} ${top.toFixed(2)}`).join('')}`;
  const here = Math.max(0, Math.min(1, now.at)) * 100;
  const ours = known.map((value, step) => [step === known.length - 1 ? here : x(step), y(value)] as const);
  const theirs = before.values.map((value, step) => [x(step), y(value)] as const);
  const beforeHere = before.values[known.length - 1] ?? 0;
  const beforeEnd = before.values.at(-1) ?? 0;
  const ahead = last >= beforeHere;
  const side = ahead && here > 12 ? 'start' : here < 80 ? 'end' : 'below';
  return (
    <figure className={css.curve} style={{ margin: 0 }}>
      <div className={css.plot} aria-hidden>
        {(highest > 0 ? [1, 2] : []).map((times) => (
          <div key={times} className={css.level} style={{ insetBlockStart: `${y(level * times)}%` }}>
            <span>{short(level * times)}</span>
          </div>
        ))}
        <svg viewBox="0 0 100 100" preserveAspectRatio="none">
          {ours.length === 0 ? null : <path className={css.area} d={`${path(ours)}L${here} 100z`} />}
          <path className={css.before} d={path(theirs)} />
          {ours.length === 0 ? null : <path className={css.now} d={path(ours)} />}
        </svg>
        {ours.length === 0 ? null : <span className={css.dot} style={{ insetInlineStart: `${here}%`, insetBlockStart: `${y(last)}%` }} />}
        <span className={css.word} data-of="now" data-side={side} style={{ insetInlineStart: `${here}%`, insetBlockStart: `${y(last)}%` }}>
          {now.label}
        </span>
        {beforeEnd > 0 ? (
          <span
            className={css.word}
            data-side={beforeEnd > last || here < 90 ? 'start' : 'below'}
            style={{ insetInlineStart: '100%', insetBlockStart: `${y(beforeEnd)}%` }}
          >
            {before.label}
          </span>
        ) : null}
      </div>
      <div className={css.axis} aria-hidden>
        {axis.map((mark) => (
          <span key={mark.label} style={{ insetInlineStart: `${mark.at * 100}%` }}>
            {mark.label}
          </span>
        ))}
      </div>
      <VisuallyHidden>
        <table>
          <caption>{label}</caption>
          <thead>
            <tr>
              <td />
              <th scope="col">{now.label}</th>
              <th scope="col">{before.label}</th>
            </tr>
          </thead>
          <tbody>
            {steps.map((step, index) => {
              const value = now.values[index];
              return (
                <tr key={step}>
                  <th scope="row">{step}</th>
                  <td>{value === null || value === undefined ? '' : full(value)}</td>
                  <td>{full(before.values[index] ?? 0)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </VisuallyHidden>
    </figure>
  );
}
