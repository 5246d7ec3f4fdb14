import type { Parameters } from '../parameters.ts';
import type { ModelState } from '../state/model-state.ts';

/**
 * Evidence that a series is stuck: the same value over and over, for much longer than ever before. Said once a run.
 * A drop to zero in a series of wild peaks is seen by this, where the residual tells nothing.
 * @param kept what is left of the longest run's length since the value before
 */
export function flatEvidence(s: ModelState, value: number, kept: number, parameters: Parameters): number {
  if (value !== s.lastValue) {
    s.longestSameRun = Math.max(s.sameRun, s.longestSameRun * kept);
    s.sameRun = 0;
    s.lastValue = value;
    return 0;
  }
  const run = ++s.sameRun;
  if (run >= s.longestSameRun) s.flatValue = value;
  const needed = Math.ceil(parameters.flatFactor * s.longestSameRun + parameters.flatPointsMin);
  return run === needed && s.count > 2 * needed ? parameters.flatEvidence : 0;
}
