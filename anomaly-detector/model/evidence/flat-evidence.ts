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
    s.sameSince = s.lastTimestamp;
    s.stuck = 0;
    return 0;
  }
  const run = ++s.sameRun;
  if (run >= s.longestSameRun) s.flatValue = value;
  const needed = pointsNeeded(s, parameters);
  return run === needed && s.count > 2 * needed ? parameters.flatEvidence : 0;
}

/**
 * Notes whether the series is stuck: as long as above, and at an hour at which it usually moves. One that rested for hours
 * before may do so again, and what does not move for a day more is usual.
 */
export function followStuck(s: ModelState, pointsPerDay: number, parameters: Parameters): void {
  const needed = pointsNeeded(s, parameters);
  const beyond = s.sameRun - needed;
  if (beyond >= pointsPerDay) s.stuck = 0;
  else if (
    beyond >= 0 &&
    needed < pointsPerDay &&
    s.count > 2 * pointsPerDay &&
    s.hourlyWidth >= parameters.stuckWidthMin
  )
    s.stuck = 1;
}

function pointsNeeded({ longestSameRun }: ModelState, { flatFactor, flatPointsMin }: Parameters): number {
  return Math.ceil(flatFactor * longestSameRun + flatPointsMin);
}
