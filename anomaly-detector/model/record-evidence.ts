import type { Parameters } from './parameters.ts';

/**
 * Evidence of a record: how far a value lies beyond the lowest or highest so far, in widths of that range. The range
 * shrinks slowly, so that records are forgotten.
 * @param s the model's scalars, changed in place
 * @param at where lowest and highest lie, NaN before the first value
 * @param kept what is left of the range since the value before
 * @param floor the least that counts as width, > 0
 * @returns 0..1
 */
export function recordEvidence(
  s: Float64Array,
  at: number,
  value: number,
  kept: number,
  floor: number,
  parameters: Parameters,
): number {
  const lowest = s[at]!;
  const highest = s[at + 1]!;
  if (Number.isNaN(lowest)) {
    s[at] = value;
    s[at + 1] = value;
    return 0;
  }
  const excess = Math.max(value - highest, lowest - value);
  const middle = (lowest + highest) / 2;
  s[at] = Math.min(value, middle + (lowest - middle) * kept);
  s[at + 1] = Math.max(value, middle + (highest - middle) * kept);
  if (excess <= 0) return 0;
  return Math.min((parameters.recordGain * excess) / Math.max(highest - lowest, floor), 1);
}
