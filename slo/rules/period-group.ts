import { errorRatio, SERIES, sloSelector, totalRate } from '@aiops-sre/conventions/slo-series.ts';
import { secondsOf } from '../model/durations.ts';
import { periodWindow } from '../model/period.ts';
import type { Slo } from '../model/slo.ts';
import { budgetAlerts, POLICY_TIERS } from './budget-alerts.ts';
import { overPeriodSoFar, periodLengthDays } from './calendar.ts';
import { labelsOf, seriesLabels } from './labels.ts';
import type { LinkBases } from './links.ts';
import type { RecordingRule, RuleGroup } from './rule-file.ts';
import { averagedWindowRules, coverage } from './ticket-group.ts';

/** Less than half of the 5 minutes that Prometheus looks back, so that one late evaluation leaves no hole. */
const PERIOD_INTERVAL = '2m';
const COVERAGE_STEP = '15m';

/** The whole period: objective, budget, what is left of it and how long that lasts. */
export function periodGroup(slo: Slo, links: LinkBases): RuleGroup {
  const labels = labelsOf(slo);
  const selector = sloSelector(slo);
  const window = periodWindow(slo.period);
  const record = (name: string, expr: string): RecordingRule => ({ record: name, expr, labels });
  const series = (name: string) => `${name}${selector}`;
  const remaining = series(SERIES.budgetProjected);
  const recentRatios = `{__name__=~"${errorRatio('(1h|6h|1d)')}",slo="${slo.name}",service="${slo.service}"}`;
  const periodSeconds =
    slo.period.kind === 'rolling'
      ? String(secondsOf(window))
      : `86400 * scalar(${series(SERIES.timePeriod)})`;
  const lasting = (ratio: string) =>
    // The first side is for a spent budget: 0 / 0 would be NaN. Without any burn, x / 0 is infinite, as it should be.
    `0 * (${remaining} <= 0)\nor clamp_min(${remaining}, 0) * ${periodSeconds} / (${ratio} / ${slo.errorBudget})`;
  return {
    name: `slo-${slo.name}-period`,
    interval: PERIOD_INTERVAL,
    rules: [
      record(SERIES.objective, `vector(${slo.objective})`),
      record(SERIES.errorBudget, `vector(${slo.errorBudget})`),
      ...periodRules(slo, window),
      record(
        SERIES.periodEvents,
        `${series(totalRate(window))} * ${periodSeconds} * ${series(SERIES.periodData)}`,
      ),
      record(SERIES.periodBadEvents, `${series(errorRatio(window))} * ${series(SERIES.periodEvents)}`),
      record(SERIES.periodBurnRate, `${series(errorRatio(window))} / ${slo.errorBudget}`),
      record(SERIES.budgetRemaining, `1 - ${series(SERIES.periodBurnRate)}`),
      record(SERIES.budgetProjected, `1 - ${series(SERIES.periodBurnRate)} * ${series(SERIES.periodData)}`),
      record(SERIES.timeToExhaustion, lasting(series(errorRatio('6h')))),
      record(SERIES.timeToExhaustionLower, lasting(`max ${seriesLabels(slo)} (${recentRatios})`)),
      record(SERIES.timeToExhaustionUpper, lasting(`min ${seriesLabels(slo)} (${recentRatios})`)),
      record(SERIES.policyTier, POLICY_TIERS.map(({ left }) => `(${remaining} <= bool ${left})`).join(' + ')),
      ...budgetAlerts(slo, links),
    ],
  };
}

/** Length of the period, its rates, and the share of it that has data. */
function periodRules(slo: Slo, window: string): RecordingRule[] {
  const labels = labelsOf(slo);
  const selector = sloSelector(slo);
  if (slo.period.kind === 'rolling')
    return [
      { record: SERIES.timePeriod, expr: `vector(${slo.period.days})`, labels },
      ...averagedWindowRules(slo, window),
      { record: SERIES.periodData, expr: coverage(slo, window, COVERAGE_STEP), labels },
    ];
  const days = `${SERIES.timePeriod}${selector}`;
  const counted = overPeriodSoFar(slo, 'count_over_time', SERIES.totalRateCalendar, `:${COVERAGE_STEP}`);
  const bad = overPeriodSoFar(slo, 'avg_over_time', SERIES.badRateCalendar);
  const total = overPeriodSoFar(slo, 'avg_over_time', SERIES.totalRateCalendar);
  return [
    { record: SERIES.timePeriod, expr: periodLengthDays(slo, slo.period), labels },
    { record: totalRate(window), expr: total, labels },
    { record: errorRatio(window), expr: `${bad}\n/ (${total} > 0)`, labels },
    {
      record: SERIES.periodData,
      expr: `clamp_max(${counted} / scalar(${days} * ${86_400 / secondsOf(COVERAGE_STEP)}), 1)`,
      labels,
    },
  ];
}
