import { ALERTS, type Severity } from '@aiops-sre/conventions/alerts.ts';
import { errorRatio, SERIES, sloSelector, totalRate } from '@aiops-sre/conventions/slo-series.ts';
import { durationSeconds } from '@aiops-sre/service-kit/durations/parse-duration.ts';
import { spokenDuration } from '../model/durations.ts';
import type { Slo } from '../model/slo.ts';
import { type LinkBases, linkAnnotations } from './links.ts';
import { labelsOf } from './page-group.ts';
import type { AlertRule, RecordingRule, RuleGroup } from './rule-file.ts';
import * as sentences from './sentences.ts';
import { averagedWindowRules, coverage } from './ticket-group.ts';

/** Less than half of the 5 minutes that Prometheus looks back, so that one late evaluation leaves no hole. */
const PERIOD_INTERVAL = '2m';
const PERIOD_COVERAGE_STEP = '15m';

/** Shares of the budget left at which the error budget policy asks for something else. */
const POLICY_TIERS = [
  { tier: 1, left: 0.5, severity: 'info' },
  { tier: 2, left: 0.2, severity: 'ticket' },
  { tier: 3, left: 0, severity: 'ticket' },
] as const satisfies readonly { tier: number; left: number; severity: Severity }[];

/** The whole period: objective, budget, what is left of it and how long that lasts. */
export function periodGroup(slo: Slo, links: LinkBases): RuleGroup {
  const labels = labelsOf(slo);
  const selector = sloSelector(slo);
  const period = `${slo.periodDays}d`;
  const periodSeconds = durationSeconds(period)!;
  const record = (name: string, expr: string): RecordingRule => ({ record: name, expr, labels });
  const series = (name: string) => `${name}${selector}`;
  const remaining = series(SERIES.budgetProjected);
  const recentRatios = `{__name__=~"${errorRatio('(1h|6h|1d)')}",slo="${slo.name}",service="${slo.service}"}`;
  const lasting = (ratio: string) =>
    // The first side is for a spent budget: 0 / 0 would be NaN. Without any burn, x / 0 is infinite, as it should be.
    `0 * (${remaining} <= 0)\nor clamp_min(${remaining}, 0) * ${periodSeconds} / (${ratio} / ${slo.errorBudget})`;
  return {
    name: `slo-${slo.name}-period`,
    interval: PERIOD_INTERVAL,
    rules: [
      record(SERIES.objective, `vector(${slo.objective})`),
      record(SERIES.errorBudget, `vector(${slo.errorBudget})`),
      record(SERIES.timePeriod, `vector(${slo.periodDays})`),
      ...averagedWindowRules(slo, period),
      record(SERIES.periodData, coverage(slo, period, PERIOD_COVERAGE_STEP)),
      record(
        SERIES.periodEvents,
        `${series(totalRate(period))} * ${periodSeconds} * ${series(SERIES.periodData)}`,
      ),
      record(SERIES.periodBadEvents, `${series(errorRatio(period))} * ${series(SERIES.periodEvents)}`),
      record(SERIES.periodBurnRate, `${series(errorRatio(period))} / ${slo.errorBudget}`),
      record(SERIES.budgetRemaining, `1 - ${series(SERIES.periodBurnRate)}`),
      record(SERIES.budgetProjected, `1 - ${series(SERIES.periodBurnRate)} * ${series(SERIES.periodData)}`),
      record(SERIES.timeToExhaustion, lasting(series(errorRatio('6h')))),
      record(SERIES.timeToExhaustionLower, lasting(`max by (slo, service) (${recentRatios})`)),
      record(SERIES.timeToExhaustionUpper, lasting(`min by (slo, service) (${recentRatios})`)),
      record(SERIES.policyTier, POLICY_TIERS.map(({ left }) => `(${remaining} <= bool ${left})`).join(' + ')),
      ...budgetAlerts(slo, links),
    ],
  };
}

function budgetAlerts(slo: Slo, links: LinkBases): AlertRule[] {
  const selector = sloSelector(slo);
  const enough = `${SERIES.periodBadEvents}${selector} > ${slo.options.minimumBadEvents - 0.5}`;
  const left = `${SERIES.budgetProjected}${selector}`;
  const facts =
    `${sentences.budgetLeft(slo)} ${sentences.count(slo, SERIES.periodBadEvents)} of ` +
    `${sentences.count(slo, SERIES.periodEvents)} events were bad; the objective is ` +
    `${sentences.objectivePercent(slo)} good. ${sentences.exhaustion(slo)}`;
  const alert = (name: string, severity: Severity, expr: string, summary: string, extra = {}): AlertRule => ({
    alert: name,
    expr,
    labels: { severity, ...extra, ...labelsOf(slo) },
    annotations: { summary, description: facts, ...linkAnnotations(links, slo, name) },
  });
  return [
    ...POLICY_TIERS.map(({ tier, left: share, severity }) =>
      share === 0
        ? alert(
            ALERTS.errorBudgetExhausted,
            severity,
            `${left} <= 0 and ${enough}`,
            `${slo.displayName} has spent its whole error budget of ${slo.periodDays} days`,
          )
        : alert(
            ALERTS.errorBudgetPolicy,
            severity,
            `${left} <= ${share} and ${left} > ${POLICY_TIERS[tier]!.left} and ${enough}`,
            `${slo.displayName} has at most ${share * 100} % of its error budget left`,
            { tier: String(tier) },
          ),
    ),
    alert(
      ALERTS.errorBudgetExhaustionNear,
      'ticket',
      `${SERIES.timeToExhaustionUpper}${selector} < ${durationSeconds(slo.options.exhaustionWarning)}\nand ${left} > 0\nand ${enough}`,
      `${slo.displayName} will have spent its error budget within ${spokenDuration(slo.options.exhaustionWarning)}`,
    ),
  ];
}
