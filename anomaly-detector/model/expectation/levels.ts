import type { Parameters } from '../parameters.ts';
import type { ModelState } from '../state/model-state.ts';
import type { BaselineSource } from './season-choice.ts';

/** The level that an expectation of this source is counted from. */
export function levelOf(s: ModelState, source: BaselineSource): number {
  if (source === 'level') return s.steadyLevel;
  return source === 'daily' ? s.level : s.weeklyLevel;
}

/** How far that level is from where it usually is. */
export function driftOf(s: ModelState, source: BaselineSource): number {
  if (source === 'level') return s.steadyLevel - s.usualSteadyLevel;
  return source === 'daily' ? s.level - s.usualLevel : s.weeklyLevel - s.usualWeeklyLevel;
}

/** How far that level is from where it was when the day began. */
export function risenSinceDawn(s: ModelState, source: BaselineSource): number {
  if (source === 'level') return s.steadyLevel - s.dawnSteadyLevel;
  return source === 'daily' ? s.level - s.dawnLevel : s.weeklyLevel - s.dawnWeeklyLevel;
}

/** All levels begin where the series does. */
export function startLevels(s: ModelState, value: number): void {
  s.steadyLevel = value;
  s.level = value;
  s.weeklyLevel = value;
  s.usualLevel = value;
  s.usualWeeklyLevel = value;
  s.usualSteadyLevel = value;
}

/** Notes the levels as those of the day that begins. */
export function noteDawn(s: ModelState): void {
  s.dawnLevel = s.level;
  s.dawnWeeklyLevel = s.weeklyLevel;
  s.dawnSteadyLevel = s.steadyLevel;
}

/** Days behind the levels; at once where a reported drift has not grown for long: then that is what is usual. */
export function followUsualLevels(
  s: ModelState,
  days: number,
  pointsPerDay: number,
  { driftHours, usualLevelDays }: Parameters,
): void {
  const isUsual = s.driftReported > 0 && s.driftRun > (driftHours / 24) * pointsPerDay;
  const rate = isUsual ? 1 : Math.min(1, Math.max(days / usualLevelDays, 1 / s.count));
  s.usualLevel += rate * (s.level - s.usualLevel);
  s.usualWeeklyLevel += rate * (s.weeklyLevel - s.usualWeeklyLevel);
  s.usualSteadyLevel += rate * (s.steadyLevel - s.usualSteadyLevel);
}
