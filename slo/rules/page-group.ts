import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import { errorRatio, SERIES, sloSelector } from '@aiops-sre/conventions/slo-series.ts';
import { type BurnRatePair, rawWindows } from '../model/burn-rate-windows.ts';
import { spokenWindow } from '../model/durations.ts';
import type { Slo } from '../model/slo.ts';
import { absenceAlert } from './absence.ts';
import { enoughBadEvents } from './enough-bad-events.ts';
import { alertLabels, labelsOf, seriesLabels } from './labels.ts';
import { type LinkBases, linkAnnotations } from './links.ts';
import type { AlertRule, RuleGroup } from './rule-file.ts';
import * as sentences from './sentences.ts';
import { spokenName } from './templates.ts';
import { TIME_SLICE_INTERVAL, timeSliceRules } from './time-slices.ts';
import { windowRules } from './window-rules.ts';

/**
 * What wakes somebody: windows up to 6 h straight from the counters, and the alerts on them. Recording and alert rules
 * share one group, which evaluates in order: in different groups a page would be late by up to another interval.
 * The interval is Prometheus' own: nobody who evaluates every minute wants pages to cost four times as much.
 */
export function pageGroup(slo: Slo, links: LinkBases): RuleGroup {
  const pagePairs = slo.pairs.filter((pair) => pair.severity === 'page');
  const windows = rawWindows(slo.pairs);
  return {
    name: `slo-${slo.name}-page`,
    ...(slo.timeSlice === undefined ? {} : { interval: TIME_SLICE_INTERVAL }),
    rules: [
      ...(slo.timeSlice === undefined
        ? windows.flatMap((window) => windowRules(slo, window))
        : timeSliceRules(slo, slo.timeSlice, windows)),
      {
        record: SERIES.currentBurnRate,
        expr: `${errorRatio('5m')}${sloSelector(slo)} / ${slo.errorBudget}`,
        labels: labelsOf(slo),
      },
      ...(pagePairs.length > 0 ? [burnAlert(slo, pagePairs, links)] : []),
      ...(slo.options.absenceSeverity === 'none' ? [] : [absenceAlert(slo, links)]),
    ],
  };
}

function burnAlert(slo: Slo, pairs: readonly BurnRatePair[], links: LinkBases): AlertRule {
  const selector = sloSelector(slo);
  const alert = ALERTS.errorBudgetBurn;
  const firing =
    `max ${seriesLabels(slo)} (ALERTS` +
    `{alertname="${alert}",alertstate="firing",severity="page",slo="${slo.name}",service="${slo.service}"})`;
  const clauses = pairs.map((pair) => {
    const long = `${errorRatio(pair.long)}${selector}`;
    const short = `${errorRatio(pair.short)}${selector}`;
    const over = `${pair.factor} * ${slo.errorBudget}`;
    // Without an event in the short window nothing shows that it is over: a page that fires stays.
    return `(\n  ${long} > ${over}\n  and (${short} > ${over} or (${firing} unless ${short}))\n  and ${enoughBadEvents(slo, pair.long)}\n)`;
  });
  // Telemetry that dies in an outage must not end the page.
  const blind = `(${firing} unless ${SERIES.badRate5m}${selector})`;
  const windows = pairs
    .map(
      (pair) =>
        `${sentences.percent(slo, errorRatio(pair.long))} in the ${spokenWindow(pair.long)} and ` +
        `${sentences.percent(slo, errorRatio(pair.short))} in the ${spokenWindow(pair.short)} ` +
        `(fires when both are over ${pair.factor} x budget)`,
    )
    .join('; ');
  return {
    alert,
    expr: [...clauses, blind].join('\nor\n'),
    labels: alertLabels(slo, { severity: 'page' }),
    annotations: {
      summary: `${spokenName(slo)} burns its error budget ${sentences.burnRate(slo, errorRatio(pairs[0]!.long))} times too fast`,
      description:
        `Share of bad events: ${windows}. The objective is ${sentences.objectivePercent(slo)} good. ` +
        `${sentences.budgetLeft(slo)} ${sentences.exhaustion(slo)}`,
      ...linkAnnotations(links, slo, alert),
    },
  };
}
