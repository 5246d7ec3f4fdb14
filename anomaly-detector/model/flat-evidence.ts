import type { Parameters } from './parameters.ts';
import { AT } from './state-layout.ts';

/**
 * Evidence that a series is stuck: the same value over and over, for much longer than ever before. Said once a run.
 * A drop to zero in a series of wild peaks is seen by this, where the residual tells nothing.
 * @param kept what is left of the longest run's length since the value before
 */
export function flatEvidence(s: Float64Array, value: number, kept: number, parameters: Parameters): number {
  if (value !== s[AT.lastValue]) {
    s[AT.longestSameRun] = Math.max(s[AT.sameRun]!, s[AT.longestSameRun]! * kept);
    s[AT.sameRun] = 0;
    s[AT.lastValue] = value;
    return 0;
  }
  const run = ++s[AT.sameRun]!;
  const needed = Math.ceil(parameters.flatFactor * s[AT.longestSameRun]! + parameters.flatPointsMin);
  return run === needed && s[AT.count]! > 2 * needed ? parameters.flatEvidence : 0;
}
