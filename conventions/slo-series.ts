/**
 * Names of the series that an SLO's rules record, all with the labels `slo` and `service` and whatever labels its definition
 * adds. Where Sloth has a series of the same meaning, it has the same name.
 * @see https://sloth.dev/examples/default/getting-started/
 */
export const SERIES = {
  objective: 'slo:objective:ratio',
  errorBudget: 'slo:error_budget:ratio',
  timePeriod: 'slo:time_period:days',
  currentBurnRate: 'slo:current_burn_rate:ratio',
  periodBurnRate: 'slo:period_burn_rate:ratio',
  /** 1 - bad / (budget x total) over what data the period has; negative when overspent. */
  budgetRemaining: 'slo:period_error_budget_remaining:ratio',
  /** The same as if the part of the period without data had the same traffic and no errors. */
  budgetProjected: 'slo:period_error_budget_projected:ratio',
  /** Share of the period that has data, 0..1. */
  periodData: 'slo:period_data:ratio',
  periodEvents: 'slo:period_events:count',
  periodBadEvents: 'slo:period_bad_events:count',
  timeToExhaustion: 'slo:time_to_exhaustion:seconds',
  timeToExhaustionLower: 'slo:time_to_exhaustion_lower:seconds',
  timeToExhaustionUpper: 'slo:time_to_exhaustion_upper:seconds',
  /** 0: more than half of the budget left, 1: at most 50 %, 2: at most 20 %, 3: none. */
  policyTier: 'slo:error_budget_policy:tier',
  badRate5m: 'slo:sli_bad:rate5m',
  /** Good events a second, where good events are what is counted. */
  goodRate5m: 'slo:sli_good:rate5m',
  /** One value a minute, each the mean of the minute's 5m rates: what every window of a day or more averages. */
  badRateMinute: 'slo:sli_bad:rate5m_avg1m',
  totalRateMinute: 'slo:sli_total:rate5m_avg1m',
  /** Good events for each one of the total, over an hour; above 1 the indicator is broken. */
  goodRatio1h: 'slo:sli_good:ratio_rate1h',
  /** Of calendar periods: local time in its zone, the period's number such as 202610, and minutes labelled with it. */
  periodLocalTime: 'slo:period_local_time:seconds',
  periodNumber: 'slo:period_number:info',
  badRateCalendar: 'slo:sli_bad:rate5m_calendar',
  totalRateCalendar: 'slo:sli_total:rate5m_calendar',
} as const;

/** Error ratio over a window, 0..1; absent while the window has no events. */
export function errorRatio(window: string): string {
  return `slo:sli_error:ratio_rate${window}`;
}

/** Events a second over a window; 0 without traffic, absent without telemetry. */
export function totalRate(window: string): string {
  return `slo:sli_total:rate${window}`;
}

export function sloSelector(slo: { readonly name: string; readonly service: string }): string {
  return `{slo="${slo.name}",service="${slo.service}"}`;
}
