import { SERIES } from '@aiops-sre/conventions/slo-series.ts';
import { multiply } from '../model/decimal.ts';
import { periodAdjective } from '../model/period.ts';
import type { Slo } from '../model/slo.ts';
import { templateSelector, withQuery } from './templates.ts';

/**
 * Sentences of annotations. They query when the alert is evaluated, since `$value` is only the side of the expression that
 * happened to match, and holds no number at all while telemetry is missing.
 */
export function percent(slo: Slo, series: string): string {
  return fromQuery(slo, `${series}${templateSelector(slo)}`, 'humanizePercentage', 'an unknown share');
}

export function burnRate(slo: Slo, ratioSeries: string): string {
  return fromQuery(
    slo,
    `${ratioSeries}${templateSelector(slo)} / ${slo.errorBudget}`,
    'printf "%.1f"',
    'an unknown number of',
  );
}

export function count(slo: Slo, series: string): string {
  return fromQuery(slo, `${series}${templateSelector(slo)}`, 'printf "%.0f"', 'an unknown number of');
}

/** `-12.3 %`: a share that may be far below zero, for which humanizePercentage would write an exponent. */
function budgetPercent(slo: Slo): string {
  return fromQuery(
    slo,
    `100 * ${SERIES.budgetRemaining}${templateSelector(slo)}`,
    'printf "%.1f %%"',
    'an unknown share',
  );
}

/** `63.1 % of the 30-day error budget is left (100% of the period has data).` */
export function budgetLeft(slo: Slo): string {
  return (
    `${budgetPercent(slo)} of the ${periodAdjective(slo.period)} error budget is left ` +
    `(${percent(slo, SERIES.periodData)} of the period has data).`
  );
}

/** When the budget ends at recent rates, from the quickest to the mildest; nothing while it does not end, or nothing is left. */
export function exhaustion(slo: Slo): string {
  const at = (series: string) =>
    fromQuery(slo, `${series}${templateSelector(slo)} < Inf`, 'humanizeDuration', 'for ever');
  return (
    `${withQuery(slo, `${SERIES.timeToExhaustion}${templateSelector(slo)} < Inf and on () ${SERIES.budgetRemaining}${templateSelector(slo)} > 0`)}` +
    'At the rate of the last 6 hours it lasts {{ . | first | value | humanizeDuration }}, ' +
    `at those of the last hour to day ${at(SERIES.timeToExhaustionLower)} to ${at(SERIES.timeToExhaustionUpper)}.{{ end }}`
  );
}

export function objectivePercent(slo: Slo): string {
  return `${multiply(slo.objective, '100')} %`;
}

function fromQuery(slo: Slo, query: string, format: string, otherwise: string): string {
  return `${withQuery(slo, query)}{{ . | first | value | ${format} }}{{ else }}${otherwise}{{ end }}`;
}
