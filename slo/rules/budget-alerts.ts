import { ALERTS, type Severity } from '@aiops-sre/conventions/alerts.ts';
import { SERIES, sloSelector } from '@aiops-sre/conventions/slo-series.ts';
import { secondsOf, spokenDuration } from '../model/durations.ts';
import { spokenPeriod } from '../model/period.ts';
import type { Slo } from '../model/slo.ts';
import { alertLabels } from './labels.ts';
import { type LinkBases, linkAnnotations } from './links.ts';
import type { AlertRule } from './rule-file.ts';
import * as sentences from './sentences.ts';
import { spokenName } from './templates.ts';

/** Shares of the budget left at which the error budget policy asks for something else. */
export const POLICY_TIERS = [
  { tier: 1, left: 0.5, severity: 'info' },
  { tier: 2, left: 0.2, severity: 'ticket' },
  { tier: 3, left: 0, severity: 'ticket' },
] as const satisfies readonly { tier: number; left: number; severity: Severity }[];

/** What the state of the whole period's budget asks for. */
export function budgetAlerts(slo: Slo, links: LinkBases): AlertRule[] {
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
    labels: alertLabels(slo, { severity, ...extra }),
    annotations: { summary, description: facts, ...linkAnnotations(links, slo, name) },
  });
  return [
    ...POLICY_TIERS.map(({ tier, left: share, severity }) =>
      share === 0
        ? alert(
            ALERTS.errorBudgetExhausted,
            severity,
            `${left} <= 0 and ${enough}`,
            `${spokenName(slo)} has spent its whole error budget of ${spokenPeriod(slo.period)}`,
          )
        : alert(
            ALERTS.errorBudgetPolicy,
            severity,
            `${left} <= ${share} and ${left} > ${POLICY_TIERS[tier]!.left} and ${enough}`,
            `${spokenName(slo)} has at most ${share * 100} % of its error budget left`,
            { tier: String(tier) },
          ),
    ),
    alert(
      ALERTS.errorBudgetExhaustionNear,
      'ticket',
      `${SERIES.timeToExhaustionUpper}${selector} < ${secondsOf(slo.options.exhaustionWarning)}\nand ${left} > 0\nand ${enough}`,
      `${spokenName(slo)} will have spent its error budget within ${spokenDuration(slo.options.exhaustionWarning)}`,
    ),
  ];
}
