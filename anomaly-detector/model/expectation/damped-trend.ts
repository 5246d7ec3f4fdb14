import type { Parameters } from '../parameters.ts';
import type { ModelState } from '../state/model-state.ts';

/**
 * Follows by how much the level changes an hour, for forecasts: Holt's trend, damped (Gardner and McKenzie 1985; FPP3
 * 8.2). Looked at once an hour, so that it is the trend of hours and days and not of noise. Whether it predicts the
 * next hour's change better than "none" is followed, too: see {@link trendAhead}.
 * @param level where the series is without its season
 * @param hours since the last look; none or more than a few and the trend begins anew
 */
export function followTrend(s: ModelState, level: number, hours: number, parameters: Parameters): void {
  const p = parameters;
  const before = s.hourlyLevel;
  s.hourlyLevel = level;
  if (!(hours > 0 && hours <= p.trendHoursMax)) {
    s.trend = 0;
    return;
  }
  const change = (level - before) / hours;
  const damped = p.trendDamping * s.trend;
  const error = change - damped;
  const looks = ++s.trendLooks;
  const rate = Math.max(p.trendErrorRate, 1 / looks);
  // An hour like none before, as one with a shift of the level, teaches no more than an unusual one.
  const limit = looks > p.trendLooksNeeded ? p.clip * s.errorWithoutTrend : Number.POSITIVE_INFINITY;
  s.errorWithTrend += rate * (Math.min(Math.abs(error), limit) - s.errorWithTrend);
  s.errorWithoutTrend += rate * (Math.min(Math.abs(change), limit) - s.errorWithoutTrend);
  s.trend = damped + p.trendRate * Math.min(Math.max(error, -limit), limit);
}

/** What the trend adds to the level in so many hours; 0 where forecasts are not clearly better for it. */
export function trendAhead(s: ModelState, hours: number, parameters: Parameters): number {
  const { trendDamping, trendLooksNeeded, trendWorthwhile } = parameters;
  const helps = s.errorWithTrend < trendWorthwhile * s.errorWithoutTrend;
  if (!helps || s.trendLooks <= trendLooksNeeded) return 0;
  return (s.trend * trendDamping * (1 - trendDamping ** hours)) / (1 - trendDamping);
}
