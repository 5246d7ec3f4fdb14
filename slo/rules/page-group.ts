import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import { errorRatio, SERIES, sloSelector, totalRate } from '@aiops-sre/conventions/slo-series.ts';
import { type BurnRatePair, rawWindows } from '../model/burn-rate-windows.ts';
import { secondsOf, spokenWindow } from '../model/durations.ts';
import type { Slo } from '../model/slo.ts';
import { overWindow, summed } from '../promql/promql.ts';
import { enoughBadEvents } from './enough-bad-events.ts';
import { type LinkBases, linkAnnotations } from './links.ts';
import type { AlertRule, RecordingRule, RuleGroup } from './rule-file.ts';
import * as sentences from './sentences.ts';

/**
 * What wakes somebody: windows up to 6 h straight from the counters, and the alerts on them. Recording and alert rules
 * share one group, which evaluates in order: in different groups a page would be late by up to another interval.
 * The interval is Prometheus' own: nobody who evaluates every minute wants pages to cost four times as much.
 */
export function pageGroup(slo: Slo, links: LinkBases): RuleGroup {
  const pagePairs = slo.pairs.filter((pair) => pair.severity === 'page');
  return {
    name: `slo-${slo.name}-page`,
    rules: [
      ...rawWindows(slo.pairs).flatMap((window) => windowRules(slo, window)),
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

export function labelsOf(slo: Slo): Record<string, string> {
  return { slo: slo.name, service: slo.service };
}

function windowRules(slo: Slo, window: string): RecordingRule[] {
  const labels = labelsOf(slo);
  const selector = sloSelector(slo);
  // sum() drops the labels slo and service, which the raw counters do not have: the sides of an operator must agree.
  const total = `sum(${totalRate(window)}${selector})`;
  const numerator = summed(overWindow(slo.indicator.numerator, window));
  // No series yet is 0 events, not an empty result, for as long as the total shows that there is telemetry.
  const counted = slo.indicator.missingNumerator === 'zero' ? `(${numerator} or 0 * ${total})` : numerator;
  const bad = slo.indicator.counts === 'bad' ? counted : `clamp_min(${total} - ${counted}, 0)`;
  const totalRule = {
    record: totalRate(window),
    expr: summed(overWindow(slo.indicator.total, window)),
    labels,
  };
  if (window !== '5m')
    return [totalRule, { record: errorRatio(window), expr: `${bad}\n/ (${total} > 0)`, labels }];
  return [
    totalRule,
    { record: SERIES.badRate5m, expr: bad, labels },
    {
      record: errorRatio(window),
      expr: `${SERIES.badRate5m}${selector} / (${totalRate(window)}${selector} > 0)`,
      labels,
    },
  ];
}

function burnAlert(slo: Slo, pairs: readonly BurnRatePair[], links: LinkBases): AlertRule {
  const selector = sloSelector(slo);
  const alert = ALERTS.errorBudgetBurn;
  const labels = { severity: 'page', ...labelsOf(slo) };
  const firing =
    'max by (slo, service) (ALERTS' +
    `{alertname="${alert}",alertstate="firing",severity="page",slo="${slo.name}",service="${slo.service}"})`;
  const clauses = pairs.map((pair) => {
    const long = `${errorRatio(pair.long)}${selector}`;
    const short = `${errorRatio(pair.short)}${selector}`;
    const over = `${pair.factor} * ${slo.errorBudget}`;
    // Without an event in the short window nothing shows that it is over: a page that fires stays.
    return `(\n  ${long} > ${over}\n  and (${short} > ${over} or (${firing} unless ${short}))\n  and ${enoughBadEvents(slo, pair.long)}\n)`;
  });
  // Telemetry that dies in an outage must not end the page.
  const blind = `(${firing} and absent(${SERIES.badRate5m}${selector}))`;
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
    labels,
    annotations: {
      summary: `${slo.displayName} burns its error budget ${sentences.burnRate(slo, errorRatio(pairs[0]!.long))} times too fast`,
      description:
        `Share of bad events: ${windows}. The objective is ${sentences.objectivePercent(slo)} good. ` +
        `${sentences.budgetLeft(slo)} ${sentences.exhaustion(slo)}`,
      ...linkAnnotations(links, slo, alert),
    },
  };
}

function absenceAlert(slo: Slo, links: LinkBases): AlertRule {
  const alert = ALERTS.sliTelemetryAbsent;
  return {
    alert,
    // Bad events are known only where the total is; the other way round, a bucket may be missing.
    expr: `absent(${SERIES.badRate5m}${sloSelector(slo)})`,
    // Long enough for a restart of Prometheus to have scraped twice again.
    for: '2m',
    labels: { severity: slo.options.absenceSeverity, ...labelsOf(slo) },
    annotations: {
      summary: `${slo.displayName}: no telemetry, nobody can say whether ${slo.service} works`,
      description:
        `The counters of this SLO have had no samples for about ${Math.round(secondsOf('5m') / 60) + 2} minutes. ` +
        'Either nothing of the service runs, or what it measures no longer reaches Prometheus. ' +
        `${sentences.budgetLeft(slo)}`,
      ...linkAnnotations(links, slo, alert),
    },
  };
}
