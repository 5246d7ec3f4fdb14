import type { Past } from '../board/board.ts';
import { type Html, html } from '../html.ts';

const WIDTH = 100;
const HEIGHT = 24;

/**
 * A small line without axes. The figure beside it says the value: for who cannot see it there is nothing here.
 *
 * @param most what the full height stands for, where the greatest value is less
 */
export function sparkline(past: Past, most = 0): Html | null {
  const numbers = past.filter((each) => each !== null);
  if (numbers.length < 2) return null;
  const greatest = Math.max(most, ...numbers) || 1;
  return html`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true"><path d="${linePath(past, { width: WIDTH, height: HEIGHT, from: 0, to: greatest })}"/></svg>`;
}

/** A value with what was expected of it as a band. */
export function bandSparkline(
  anomaly: Readonly<Record<'value' | 'expected' | 'lower' | 'upper', Past>>,
): Html | null {
  const { value, lower, upper } = anomaly;
  const numbers = [...value, ...lower, ...upper].filter((each) => each !== null);
  if (value.filter((each) => each !== null).length < 2) return null;
  const scale = { width: WIDTH, height: HEIGHT, from: Math.min(...numbers), to: Math.max(...numbers) };
  return html`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true"><path class="band" d="${bandPath(lower, upper, scale)}"/><path d="${linePath(value, scale)}"/></svg>`;
}

export interface Scale {
  readonly width: number;
  readonly height: number;
  /** Values at the bottom and at the top. */
  readonly from: number;
  readonly to: number;
}

const yOf = (value: number, { height, from, to }: Scale) =>
  (height - 1 - ((Math.min(Math.max(value, from), to) - from) / (to - from || 1)) * (height - 2)).toFixed(1);
const xOf = (index: number, count: number, { width }: Scale) =>
  ((index / Math.max(1, count - 1)) * width).toFixed(1);

/** Points joined; a gap where there is no value. */
export function linePath(past: Past, scale: Scale): string {
  let pen = 'M';
  return past
    .map((value, index) => {
      if (value === null) {
        pen = 'M';
        return '';
      }
      const point = `${pen}${xOf(index, past.length, scale)} ${yOf(value, scale)}`;
      pen = 'L';
      return point;
    })
    .join('');
}

/** The area between two lines, over the points where both are. */
function bandPath(lower: Past, upper: Past, scale: Scale): string {
  const both = lower.flatMap((low, index) => {
    const high = upper[index];
    return low === null || high == null ? [] : [{ index, low, high }];
  });
  if (both.length < 2) return '';
  const at = (index: number, value: number) => `${xOf(index, lower.length, scale)} ${yOf(value, scale)}`;
  const there = both.map(({ index, high }) => at(index, high));
  const back = both.toReversed().map(({ index, low }) => at(index, low));
  return `M${[...there, ...back].join('L')}Z`;
}
