import type { ModelState } from '../state/model-state.ts';

const RATE_MIN = 0.002;

/**
 * Follows how far values spread.
 * @returns the least that any scale of this series can be, > 0: a flat series would else alarm at anything
 */
export function followSpread(s: ModelState, value: number): number {
  const rate = Math.max(RATE_MIN, 1 / s.count);
  s.mean += rate * (value - s.mean);
  s.meanDeviation += rate * (Math.abs(value - s.mean) - s.meanDeviation);
  return 0.05 * s.meanDeviation + 1e-9 * Math.max(Math.abs(s.mean), 1e-3);
}

/**
 * An impossible value, as of a counter read wrongly, counts as a very large one: it shall not be remembered for weeks.
 * @param widths of what was ever seen that a value may lie beyond it
 */
export function withinReach(
  { valueRange: { lowest, highest } }: ModelState,
  value: number,
  widths: number,
): number {
  const reach = widths * Math.max(highest - lowest, 1);
  return Math.min(Math.max(value, lowest - reach), highest + reach);
}
