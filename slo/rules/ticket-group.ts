import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import { errorRatio, SERIES, sloSelector, totalRate } from '@aiops-sre/conventions/slo-series.ts';
import { averagedWindows, type BurnRatePair } from '../model/burn-rate-windows.ts';
import { secondsOf, spokenDuration, spokenWindow } from '../model/durations.ts';
import type { Slo } from '../model/slo.ts';
import { calendarMinuteRules } from './calendar.ts';
import { enoughBadEvents } from './enough-bad-events.ts';
import { goodExceedsTotal } from './good-exceeds-total.ts';
import { alertLabels, labelsOf } from './labels.ts';
import { type LinkBases, linkAnnotations } from './links.ts';
import type { AlertRule, RecordingRule, RuleGroup } from './rule-file.ts';
import * as sentences from './sentences.ts';
import { spokenName } from './templates.ts';

/** Step of the series that long windows average; generated history of them must have the same one. */
export const TICKET_INTERVAL = '1m';
/** Resolution at which a window's share of data is counted. */
const COVERAGE_STEP = '5m';

/**
 * What waits for working hours. Windows of days are averaged from one value a minute, numerator and denominator apart,
 * so that every event weighs the same; they lag the raw counters by about three minutes and never lead.
 */
export function ticketGroup(slo: Slo, links: LinkBases): RuleGroup {
  const labels = labelsOf(slo);
  const selector = sloSelector(slo);
  // The last value, should the minute have none yet: Prometheus evaluates groups in any order.
  const minute = (source: string) =>
    `avg_over_time(${source}${selector}[${TICKET_INTERVAL}]) or ${source}${selector}`;
  return {
    name: `slo-${slo.name}-ticket`,
    interval: TICKET_INTERVAL,
    rules: [
      ...(slo.timeSlice === undefined
        ? [
            // Minutes in which nobody knows the bad events would make the ratio of days look better than it is.
            {
              record: SERIES.totalRateMinute,
              expr: `(${minute(totalRate('5m'))}) and ${SERIES.badRate5m}${selector}`,
              labels,
            },
            { record: SERIES.badRateMinute, expr: minute(SERIES.badRate5m), labels },
          ]
        : []),
      ...(slo.period.kind === 'calendar' ? calendarMinuteRules(slo, slo.period) : []),
      ...averagedWindows(slo.pairs).flatMap((window) => averagedWindowRules(slo, window)),
      ...slo.pairs
        .filter((pair) => pair.severity === 'ticket')
        .map((pair) => slowBurnAlert(slo, pair, links)),
      ...(slo.indicator.counts === 'good' && slo.timeSlice === undefined ? goodExceedsTotal(slo, links) : []),
    ],
  };
}

/** Mean rates over a window of recorded minutes: the ratio of two means weighs every event alike. */
export function averagedWindowRules(slo: Slo, window: string): RecordingRule[] {
  const labels = labelsOf(slo);
  const selector = sloSelector(slo);
  return [
    {
      record: totalRate(window),
      expr: `avg_over_time(${SERIES.totalRateMinute}${selector}[${window}])`,
      labels,
    },
    {
      record: errorRatio(window),
      expr: `avg_over_time(${SERIES.badRateMinute}${selector}[${window}])\n/ (${totalRate(window)}${selector} > 0)`,
      labels,
    },
  ];
}

/** Share of a window that has data, 0..1, as an expression; 0 as long as the first step has not come. */
export function coverage(slo: Slo, window: string, step: string = COVERAGE_STEP): string {
  const steps = secondsOf(window) / secondsOf(step);
  const minutes = `${SERIES.totalRateMinute}${sloSelector(slo)}`;
  return `(count_over_time(${minutes}[${window}:${step}]) or 0 * ${minutes}) / ${steps}`;
}

/**
 * One alert a pair: 3 x 1d and 1 x 3d spend the same budget, so that in one alert the first would add nothing.
 * The long ratio is scaled by the share of its window that has data. Hence a ticket always says that so much of the
 * budget is gone, where a service minutes old would otherwise reach any ratio with its first errors.
 */
function slowBurnAlert(slo: Slo, pair: BurnRatePair, links: LinkBases): AlertRule {
  const alert = ALERTS.errorBudgetSlowBurn;
  const selector = sloSelector(slo);
  const over = `${pair.factor} * ${slo.errorBudget}`;
  const long = `${errorRatio(pair.long)}${selector}`;
  const short = `${errorRatio(pair.short)}${selector}`;
  const covered = coverage(slo, pair.long);
  return {
    alert,
    expr:
      `${long} * ${covered} > ${over}\n` +
      `and ${short} > ${over}\n` +
      `and ${enoughBadEvents(slo, pair.long, covered)}`,
    labels: alertLabels(slo, { severity: 'ticket', window: pair.long }),
    annotations: {
      summary: `${spokenName(slo)} has spent ${pair.budgetPercent} % of its error budget within ${spokenDuration(pair.long)}`,
      description:
        `Share of bad events: ${sentences.percent(slo, errorRatio(pair.long))} in the ${spokenWindow(pair.long)} and ` +
        `${sentences.percent(slo, errorRatio(pair.short))} in the ${spokenWindow(pair.short)}, where the objective is ` +
        `${sentences.objectivePercent(slo)} good: ${sentences.burnRate(slo, errorRatio(pair.long))} times too fast ` +
        `(fires when both are over ${pair.factor} x budget). ${sentences.budgetLeft(slo)} ${sentences.exhaustion(slo)}`,
      ...linkAnnotations(links, slo, alert),
    },
  };
}
