import type { Parameters } from '../parameters.ts';
import type { Range } from '../state/model-state.ts';

export interface RangedSample {
  readonly value: number;
  /** What is left of the range since the value before. */
  readonly kept: number;
  /** The least that counts as width, > 0. */
  readonly floor: number;
}

/**
 * Evidence of a record: how far a value lies beyond the lowest or highest so far, in widths of that range. The range
 * shrinks slowly, so that records are forgotten.
 * @param range changed in place
 * @returns 0..1
 */
export function recordEvidence(range: Range, sample: RangedSample, parameters: Parameters): number {
  const { value, kept, floor } = sample;
  const { lowest, highest } = range;
  if (Number.isNaN(lowest)) {
    range.lowest = value;
    range.highest = value;
    return 0;
  }
  const excess = Math.max(value - highest, lowest - value);
  const middle = (lowest + highest) / 2;
  range.lowest = Math.min(value, middle + (lowest - middle) * kept);
  range.highest = Math.max(value, middle + (highest - middle) * kept);
  if (excess <= 0) return 0;
  return Math.min((parameters.recordGain * excess) / Math.max(highest - lowest, floor), 1);
}
