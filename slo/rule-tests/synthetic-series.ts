import type { Slo } from '../model/slo.ts';
import { type LabelMatcher, type MetricSelector, metricSelectors } from '../promql/promql.ts';
import { candidates, matches } from './matching-labels.ts';

/** Two series that stand for all of an SLO's telemetry. */
export interface SyntheticSeries {
  /** Counts what the numerator counts. */
  readonly numerator: string;
  readonly other: string;
  /** What the other series counts: all events, or those that the numerator's does not. */
  readonly otherCounts: 'total' | 'rest';
}

/** Series that the queries of an SLO select; undefined where a query has not exactly one selector or none can be found. */
export function syntheticSeries({ indicator }: Slo): SyntheticSeries | undefined {
  const [numerator, ...moreNumerators] = metricSelectors(indicator.numerator);
  const [total, ...moreTotals] = metricSelectors(indicator.total);
  if (!numerator || !total || moreNumerators.length > 0 || moreTotals.length > 0) return undefined;
  if (numerator.metric === '' || total.metric === '') return undefined;
  const isPart = numerator.metric === total.metric;
  const both = isPart ? labelsThat([...numerator.matchers, ...total.matchers], []) : undefined;
  if (both) {
    const rest = labelsThat(total.matchers, numerator.matchers);
    return (
      rest && { numerator: seriesText(numerator, both), other: seriesText(total, rest), otherCounts: 'rest' }
    );
  }
  const numeratorLabels = labelsThat(numerator.matchers, []);
  const totalLabels = labelsThat(total.matchers, isPart ? numerator.matchers : []);
  if (!numeratorLabels || !totalLabels) return undefined;
  return {
    numerator: seriesText(numerator, numeratorLabels),
    other: seriesText(total, totalLabels),
    otherCounts: 'total',
  };
}

/** Labels that meet all of `wanted` and, unless it is empty, not all of `unwanted`. */
function labelsThat(
  wanted: readonly LabelMatcher[],
  unwanted: readonly LabelMatcher[],
): Map<string, string> | undefined {
  const names = [...new Set([...wanted, ...unwanted].map(({ label }) => label))];
  const labels = new Map<string, string>();
  let differs = unwanted.length === 0;
  for (const name of names) {
    const must = wanted.filter(({ label }) => label === name);
    const mustNot = unwanted.filter(({ label }) => label === name);
    const possible = candidates([...must, ...mustNot]).filter((value) =>
      must.every((matcher) => matches(matcher, value)),
    );
    const different = possible.find((value) => mustNot.some((matcher) => !matches(matcher, value)));
    const value = different ?? possible[0];
    if (value === undefined) return undefined;
    if (different !== undefined && mustNot.length > 0) differs = true;
    labels.set(name, value);
  }
  return differs ? labels : undefined;
}

function seriesText({ metric }: MetricSelector, labels: ReadonlyMap<string, string>): string {
  const pairs = [...labels]
    .filter(([, value]) => value !== '')
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${metric}{${pairs.join(',')}}`;
}
