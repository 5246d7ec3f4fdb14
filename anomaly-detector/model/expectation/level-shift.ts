import type { Parameters } from '../parameters.ts';
import type { ModelState } from '../state/model-state.ts';

/** How far one sample is from the levels of the day and of the week, and what counts as far. */
export interface LevelResiduals {
  readonly daily: number;
  readonly weekly: number;
  /** Size from which a residual is clipped. */
  readonly limit: number;
  /** Time since the sample before. */
  readonly days: number;
  /** Clipped residuals in a row that make a new level. */
  readonly shiftPoints: number;
}

/**
 * A level that is off the same way for long enough is the new one. The former is kept in mind for a while: when what
 * looked like a new level was a long incident, its end is not to be learnt as slowly as its beginning.
 */
export function followLevelShift(s: ModelState, residuals: LevelResiduals, parameters: Parameters): void {
  const { daily, weekly, limit, days, shiftPoints } = residuals;
  const clipped = Math.abs(daily) > limit;
  s.clippedRun = nextRun(s.clippedRun, clipped ? daily : 0);
  if (Math.abs(s.clippedRun) >= shiftPoints) {
    s.formerLevelOffset = -daily;
    s.formerWeeklyLevelOffset = -weekly;
    s.formerLevelDaysLeft = parameters.formerLevelDays;
    shiftLevel(s, daily, weekly);
    return;
  }
  if (s.formerLevelDaysLeft <= 0) return;
  s.formerLevelDaysLeft -= days;
  const back = clipped && Math.abs(daily - s.formerLevelOffset) < 0.8 * limit;
  s.formerLevelRun = back ? s.formerLevelRun + 1 : 0;
  if (s.formerLevelRun < parameters.formerLevelPoints) return;
  s.formerLevelDaysLeft = 0;
  shiftLevel(s, s.formerLevelOffset, s.formerWeeklyLevelOffset);
}

/**
 * The level used where there is no season: follows what is ordinary quickly, what is not only when it lasts.
 * @param floor the least that counts as typical residual, > 0
 * @param shiftPoints outliers in a row that make a new level
 */
export function followSteadyLevel(
  s: ModelState,
  { residual, floor, shiftPoints }: { residual: number; floor: number; shiftPoints: number },
  parameters: Parameters,
): void {
  const early = 1 / s.count;
  const size = Math.abs(residual);
  const typical = s.steadyTypicalResidual;
  const limit = parameters.clip * Math.max(typical, floor);
  s.steadyTypicalResidual +=
    Math.max(parameters.typicalResidualRate, early) * (Math.min(size, limit) - typical);
  if (size <= limit || s.count <= shiftPoints) {
    s.steadyLevel += Math.max(parameters.smoothValueRate, early) * residual;
    s.steadyRun = nextRun(s.steadyRun, 0);
    return;
  }
  s.steadyLevel += parameters.steadyCreep * Math.sign(residual) * limit;
  s.steadyRun = nextRun(s.steadyRun, residual);
  if (Math.abs(s.steadyRun) < shiftPoints) return;
  // By now the smoothed value has long arrived where the series is.
  s.usualSteadyLevel += s.smoothValue - s.steadyLevel;
  s.steadyLevel = s.smoothValue;
  s.steadyRun = 0;
}

/** Counts outliers of one side, negative for those below; each that is none takes one off. */
function nextRun(run: number, outlier: number): number {
  if (outlier > 0) return Math.max(1, run + 1);
  if (outlier < 0) return Math.min(-1, run - 1);
  return run - Math.sign(run);
}

function shiftLevel(s: ModelState, by: number, weeklyBy: number): void {
  s.level += by;
  s.weeklyLevel += weeklyBy;
  s.usualLevel += by;
  s.usualWeeklyLevel += weeklyBy;
  s.smoothResidual = 0;
  s.clippedRun = 0;
  s.formerLevelRun = 0;
}
