import type { Parameters } from './parameters.ts';
import { AT } from './state-layout.ts';

/**
 * Follows by how much the level changes an hour, for forecasts: Holt's trend, damped (Gardner and McKenzie 1985; FPP3
 * 8.2). Looked at once an hour, so that it is the trend of hours and days and not of noise. Whether it predicts the
 * next hour's change better than "none" is followed, too: see {@link trendAhead}.
 * @param level where the series is without its season
 * @param hours since the last look; none or more than a few and the trend begins anew
 */
export function followTrend(s: Float64Array, level: number, hours: number, parameters: Parameters): void {
  const p = parameters;
  const before = s[AT.hourlyLevel]!;
  s[AT.hourlyLevel] = level;
  if (!(hours > 0 && hours <= p.trendHoursMax)) {
    s[AT.trend] = 0;
    return;
  }
  const change = (level - before) / hours;
  const damped = p.trendDamping * s[AT.trend]!;
  const error = change - damped;
  const looks = ++s[AT.trendLooks]!;
  const rate = Math.max(p.trendErrorRate, 1 / looks);
  // An hour like none before, as one with a shift of the level, teaches no more than an unusual one.
  const limit = looks > p.trendLooksNeeded ? p.clip * s[AT.errorWithoutTrend]! : Number.POSITIVE_INFINITY;
  s[AT.errorWithTrend]! += rate * (Math.min(Math.abs(error), limit) - s[AT.errorWithTrend]!);
  s[AT.errorWithoutTrend]! += rate * (Math.min(Math.abs(change), limit) - s[AT.errorWithoutTrend]!);
  s[AT.trend] = damped + p.trendRate * Math.min(Math.max(error, -limit), limit);
}

/** What the trend adds to the level in so many hours; 0 where forecasts are not clearly better for it. */
export function trendAhead(s: Float64Array, hours: number, parameters: Parameters): number {
  const { trendDamping, trendLooksNeeded, trendWorthwhile } = parameters;
  const helps = s[AT.errorWithTrend]! < trendWorthwhile * s[AT.errorWithoutTrend]!;
  if (!helps || s[AT.trendLooks]! <= trendLooksNeeded) return 0;
  return (s[AT.trend]! * trendDamping * (1 - trendDamping ** hours)) / (1 - trendDamping);
}
