import type { Parameters } from './parameters.ts';
import { AT } from './state-layout.ts';

/**
 * A level that is off the same way for long enough is the new one. The former is kept in mind for a while: when what
 * looked like a new level was a long incident, its end is not to be learnt as slowly as its beginning.
 * @param limit size from which a residual is clipped
 * @param points clipped residuals in a row that make a new level
 */
export function followLevelShift(
  s: Float64Array,
  dailyResidual: number,
  weeklyResidual: number,
  limit: number,
  days: number,
  points: number,
  parameters: Parameters,
): void {
  const clipped = Math.abs(dailyResidual) > limit;
  s[AT.clippedRun] = nextRun(s[AT.clippedRun]!, clipped ? dailyResidual : 0);
  if (Math.abs(s[AT.clippedRun]!) >= points) {
    s[AT.formerLevelOffset] = -dailyResidual;
    s[AT.formerWeeklyLevelOffset] = -weeklyResidual;
    s[AT.formerLevelDaysLeft] = parameters.formerLevelDays;
    shiftLevel(s, dailyResidual, weeklyResidual);
    return;
  }
  if (s[AT.formerLevelDaysLeft]! <= 0) return;
  s[AT.formerLevelDaysLeft]! -= days;
  const back = clipped && Math.abs(dailyResidual - s[AT.formerLevelOffset]!) < 0.8 * limit;
  s[AT.formerLevelRun] = back ? s[AT.formerLevelRun]! + 1 : 0;
  if (s[AT.formerLevelRun]! < parameters.formerLevelPoints) return;
  s[AT.formerLevelDaysLeft] = 0;
  shiftLevel(s, s[AT.formerLevelOffset]!, s[AT.formerWeeklyLevelOffset]!);
}

/**
 * The level used where there is no season: follows what is ordinary quickly, what is not only when it lasts.
 * @param floor the least that counts as typical residual, > 0
 * @param points outliers in a row that make a new level
 */
export function followSteadyLevel(
  s: Float64Array,
  residual: number,
  floor: number,
  points: number,
  parameters: Parameters,
): void {
  const early = 1 / s[AT.count]!;
  const size = Math.abs(residual);
  const typical = s[AT.steadyTypicalResidual]!;
  const limit = parameters.clip * Math.max(typical, floor);
  s[AT.steadyTypicalResidual]! +=
    Math.max(parameters.typicalResidualRate, early) * (Math.min(size, limit) - typical);
  if (size <= limit || s[AT.count]! <= points) {
    s[AT.steadyLevel]! += Math.max(parameters.smoothValueRate, early) * residual;
    s[AT.steadyRun] = nextRun(s[AT.steadyRun]!, 0);
    return;
  }
  s[AT.steadyLevel]! += parameters.steadyCreep * Math.sign(residual) * limit;
  s[AT.steadyRun] = nextRun(s[AT.steadyRun]!, residual);
  if (Math.abs(s[AT.steadyRun]!) < points) return;
  // By now the smoothed value has long arrived where the series is.
  s[AT.usualSteadyLevel]! += s[AT.smoothValue]! - s[AT.steadyLevel]!;
  s[AT.steadyLevel] = s[AT.smoothValue]!;
  s[AT.steadyRun] = 0;
}

/** Counts outliers of one side, negative for those below; each that is none takes one off. */
function nextRun(run: number, outlier: number): number {
  if (outlier > 0) return Math.max(1, run + 1);
  if (outlier < 0) return Math.min(-1, run - 1);
  return run - Math.sign(run);
}

function shiftLevel(s: Float64Array, by: number, weeklyBy: number): void {
  s[AT.level]! += by;
  s[AT.weeklyLevel]! += weeklyBy;
  s[AT.usualLevel]! += by;
  s[AT.usualWeeklyLevel]! += weeklyBy;
  s[AT.smoothResidual] = 0;
  s[AT.clippedRun] = 0;
  s[AT.formerLevelRun] = 0;
}
