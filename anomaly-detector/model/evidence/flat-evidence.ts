import type { Parameters } from '../parameters.ts';
import { HOURS_A_DAY, type ModelState } from '../state/model-state.ts';

/** Of `stuck`: it stood for a day, and counts as usual until it moves. */
const USUAL = -1;
/** No repeat is taken for less likely than this, however rarely the series repeats itself. */
const REPEAT_SHARE_MIN = 0.05;

/**
 * Evidence that a series is stuck: the same value over and over, for much longer than ever before. Said once a run.
 * A drop to zero in a series of wild peaks is seen by this, where the residual tells nothing.
 * @param kept what is left of the longest run's length since the value before
 */
export function flatEvidence(s: ModelState, value: number, kept: number, parameters: Parameters): number {
  const moves = value !== s.lastValue;
  if (s.sameRun > 0 && s.hour >= 0) {
    const share = s.moveShares[s.hour]!;
    s.moveShares[s.hour] = share + parameters.repeatRate * ((moves ? 1 : 0) - share);
  }
  if (moves) {
    endRun(s, kept, parameters);
    s.lastValue = value;
    return 0;
  }
  const run = ++s.sameRun;
  if (run >= s.longestSameRun) s.flatValue = value;
  s.runSurprise += s.repeatSurprise;
  const needed = pointsNeeded(s, parameters);
  return run === needed && s.count > 2 * needed ? parameters.flatEvidence : 0;
}

/**
 * Notes whether the series is stuck: as long as above and at an hour at which it usually moves, or in a run as good as
 * impossible for a series that repeats itself as this one does, such as a small count that fell to zero. One that rested
 * for hours before may do so again, and what does not move for a day more is usual.
 */
export function followStuck(s: ModelState, pointsPerDay: number, parameters: Parameters): void {
  const { runSurpriseMin, runSurpriseFactor, runDaysNeeded, runPointsMax, stuckWidthMin } = parameters;
  if (s.stuck > 0) {
    s.stuck += 1;
    if (s.stuck > pointsPerDay) s.stuck = USUAL;
    return;
  }
  if (s.stuck === USUAL || s.count <= 2 * pointsPerDay) return;
  const needed = pointsNeeded(s, parameters);
  const beyond = s.sameRun - needed;
  const isLong =
    beyond >= 0 && beyond < pointsPerDay && needed < pointsPerDay && s.hourlyWidth >= stuckWidthMin;
  const isImpossible =
    s.lastValue <= s.valueRange.lowest &&
    s.sameRun <= runPointsMax &&
    s.runSurprise >= Math.max(runSurpriseMin, runSurpriseFactor * s.longestSurprise) &&
    s.count > runDaysNeeded * pointsPerDay;
  if (isLong || isImpossible) s.stuck = 1;
}

/**
 * How surprising one more repeat is at this hour, as minus the logarithm of how often a value that came twice came
 * again: what comes in clusters may do so for longer.
 * @param hour 0..23
 * @returns 0 where the series was never seen to move on from a repeat
 */
export function surpriseOfRepeat({ moveShares }: ModelState, hour: number): number {
  const shareAt = (hour: number) => moveShares[(hour + HOURS_A_DAY) % HOURS_A_DAY]!;
  const moves = (shareAt(hour - 1) + 2 * shareAt(hour) + shareAt(hour + 1)) / 4;
  return -Math.log(Math.max(REPEAT_SHARE_MIN, 1 - moves));
}

/** What a run teaches is bounded: an incident shall not hide the next for long. */
function endRun(s: ModelState, kept: number, parameters: Parameters): void {
  const { runSurpriseMin, runSurpriseFactor } = parameters;
  const surprise = Math.min(s.runSurprise, runSurpriseFactor * runSurpriseMin);
  s.longestSurprise = Math.max(surprise, s.longestSurprise * kept);
  s.longestSameRun = Math.max(s.sameRun, s.longestSameRun * kept);
  s.runSurprise = 0;
  s.sameRun = 0;
  s.sameSince = s.lastTimestamp;
  s.stuck = 0;
}

function pointsNeeded({ longestSameRun }: ModelState, { flatFactor, flatPointsMin }: Parameters): number {
  return Math.ceil(flatFactor * longestSameRun + flatPointsMin);
}
