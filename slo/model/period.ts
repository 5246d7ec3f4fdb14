import type { Period } from './slo.ts';

/** Name of the period's window in recorded series: `30d`, `1M`, `1Q`. */
export function periodWindow(period: Period): string {
  if (period.kind === 'rolling') return `${period.days}d`;
  return period.unit === 'month' ? '1M' : '1Q';
}

/** The longest that it may be, in days. */
export function longestDays(period: Period): number {
  if (period.kind === 'rolling') return period.days;
  return period.unit === 'month' ? 31 : 92;
}

/** Days whose burn rates are asked for: the usual length of a calendar period. */
export function nominalDays(period: Period): number {
  if (period.kind === 'rolling') return period.days;
  return period.unit === 'month' ? 30 : 90;
}

/** `30-day`, `month's`: before "error budget". */
export function periodAdjective(period: Period): string {
  return period.kind === 'rolling' ? `${period.days}-day` : `${period.unit}'s`;
}

/** `30 days`, `this quarter`: after "error budget of". */
export function spokenPeriod(period: Period): string {
  return period.kind === 'rolling' ? `${period.days} days` : `this ${period.unit}`;
}
