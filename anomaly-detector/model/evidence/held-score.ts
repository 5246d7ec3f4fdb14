import type { Parameters } from '../parameters.ts';
import type { SeriesModelOptions } from '../series-model.ts';
import type { ModelState } from '../state/model-state.ts';

/** What is said of a sample before it is known whether it may alarm. */
export interface RawScore {
  /** 0..1 */
  readonly raw: number;
  /** In the value's unit. */
  readonly deviation: number;
  readonly expected: number;
  /** What is left of the last alarm. */
  readonly holdKept: number;
}

/** After an alarm, only what is clearly more alarming is one again; and what the options rule out is none. */
export function heldScore(
  s: ModelState,
  { raw, deviation, expected, holdKept }: RawScore,
  options: SeriesModelOptions,
  { holdStep, heldShare }: Parameters,
): number {
  s.hold *= holdKept;
  if (isRuledOut(deviation, expected, options) || raw <= s.hold + holdStep * (1 - s.hold))
    return heldShare * raw;
  s.hold = raw;
  return raw;
}

function isRuledOut(
  deviation: number,
  expected: number,
  { direction = 'both', minimumAbsoluteDeviation = 0, minimumRelativeDeviation = 0 }: SeriesModelOptions,
): boolean {
  const size = Math.abs(deviation);
  return (
    (direction === 'above' && deviation < 0) ||
    (direction === 'below' && deviation > 0) ||
    size < minimumAbsoluteDeviation ||
    size < minimumRelativeDeviation * Math.abs(expected)
  );
}
