import type { Slo } from '../model/slo.ts';
import { type LabelMatcher, metricSelectors, seriesText } from '../promql/selectors.ts';
import { EVENTS_A_TICK } from './event-timeline.ts';
import { candidates, matches } from './matching-labels.ts';

/** Two series that stand for all of an SLO's telemetry. */
export interface SyntheticSeries {
  /** Counts what the numerator counts. */
  readonly numerator: string;
  readonly other: string;
  /** What the other series counts: all events, or those that the numerator's does not. */
  readonly otherCounts: 'total' | 'rest';
}

/** Why no telemetry can be made up for an SLO, in words that follow "since". */
export interface NoSeries {
  readonly reason: string;
}

/** Labels of the one group that tests are of. */
const GROUP_VALUE = 'one';

/** Series that the queries of an SLO select, or why none can be found. */
export function syntheticSeries({ indicator, groupBy, errorBudget }: Slo): SyntheticSeries | NoSeries {
  if (indicator.notPlain !== undefined)
    return { reason: `of its queries one is special: ${indicator.notPlain}` };
  if (Number(errorBudget) * EVENTS_A_TICK < 1)
    return { reason: `an error budget of ${errorBudget} is less than one event in ${EVENTS_A_TICK}` };
  const [numerator] = metricSelectors(indicator.numerator);
  const [total] = metricSelectors(indicator.total);
  if (!numerator?.metric || !total?.metric) return { reason: 'a selector names no one metric' };
  const none = { reason: 'no labels were found that its matchers select' };
  const text = (metric: string, labels: ReadonlyMap<string, string>) => {
    const groups = groupBy.filter((name) => !labels.has(name)).map((name) => [name, GROUP_VALUE] as const);
    return seriesText(metric, new Map([...labels, ...groups]));
  };
  const isPart = numerator.metric === total.metric;
  const both = isPart ? labelsThat([...numerator.matchers, ...total.matchers], []) : undefined;
  if (both) {
    const rest = labelsThat(total.matchers, numerator.matchers);
    if (!rest || groupBy.some((name) => both.get(name) !== rest.get(name))) return none;
    return { numerator: text(numerator.metric, both), other: text(total.metric, rest), otherCounts: 'rest' };
  }
  const numeratorLabels = labelsThat(numerator.matchers, []);
  const totalLabels = labelsThat(total.matchers, isPart ? numerator.matchers : []);
  if (!numeratorLabels || !totalLabels) return none;
  if (groupBy.some((name) => numeratorLabels.get(name) !== totalLabels.get(name))) return none;
  return {
    numerator: text(numerator.metric, numeratorLabels),
    other: text(total.metric, totalLabels),
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
