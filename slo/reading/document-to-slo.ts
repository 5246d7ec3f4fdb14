import { type BurnRatePair, type BurnRateWindows, pairsFor } from '../model/burn-rate-windows.ts';
import { decimalOf, multiply, subtract } from '../model/decimal.ts';
import { DEFAULT_OPTIONS, type Indicator, type Slo, WINDOW_PLACEHOLDER } from '../model/slo.ts';
import { hasWindowPlaceholder, metricSelectors, syntaxError, withMatcher } from '../promql/promql.ts';
import { shown } from './definition-error.ts';
import type { SloDocument } from './definition-schema.ts';
import type { SchemaProblem } from './schema-problems.ts';

export type SloResult =
  | { readonly slo: Slo; readonly unreachable: readonly BurnRatePair[] }
  | { readonly problems: readonly SchemaProblem[] };

/** What the schema can not say: queries that parse and have a window, and a histogram's threshold. */
export function toSlo({ metadata, spec }: SloDocument, windows: BurnRateWindows): SloResult {
  const problems: SchemaProblem[] = [];
  const indicator = toIndicator(spec, problems);
  if (problems.length > 0 || indicator === undefined) return { problems };
  const [{ target, targetPercent }] = spec.objectives;
  const objective = target === undefined ? multiply(decimalOf(targetPercent!), '0.01') : decimalOf(target);
  const settings = metadata.annotations ?? {};
  const errorBudget = subtract('1', objective);
  const periodDays = spec.timeWindow[0].duration === '30d' ? 30 : 28;
  const { pairs, unreachable } = pairsFor(periodDays, errorBudget, windows);
  return {
    unreachable,
    slo: {
      name: metadata.name,
      service: spec.service,
      displayName: metadata.displayName ?? metadata.name,
      description: spec.description ?? '',
      objective,
      errorBudget,
      periodDays,
      pairs,
      indicator,
      options: {
        minimumBadEvents: Number(settings['slo/minimum-bad-events'] ?? DEFAULT_OPTIONS.minimumBadEvents),
        exhaustionWarning: settings['slo/exhaustion-warning'] ?? DEFAULT_OPTIONS.exhaustionWarning,
        absenceSeverity: settings['slo/absence-severity'] ?? DEFAULT_OPTIONS.absenceSeverity,
      },
    },
  };
}

function toIndicator(
  { indicator, objectives }: SloDocument['spec'],
  problems: SchemaProblem[],
): Indicator | undefined {
  const { ratioMetric, thresholdMetric } = indicator.spec;
  const [{ op, value }] = objectives;
  const at = (...path: readonly PropertyKey[]) => ['spec', 'indicator', 'spec', ...path];
  if (ratioMetric) {
    const counts = ratioMetric.bad ? 'bad' : 'good';
    const numerator = ratioMetric[counts]!.metricSource.spec.query;
    const total = ratioMetric.total.metricSource.spec.query;
    checkQuery(numerator, at('ratioMetric', counts, 'metricSource', 'spec', 'query'), problems);
    checkQuery(total, at('ratioMetric', 'total', 'metricSource', 'spec', 'query'), problems);
    for (const [field, found] of Object.entries({ op, value }))
      if (found !== undefined)
        problems.push({
          path: ['spec', 'objectives', 0, field],
          found: shown(found),
          possible: 'nothing beside a ratioMetric: it belongs to a thresholdMetric',
        });
    return { counts, numerator, total, missingNumerator: 'zero' };
  }
  const query = thresholdMetric!.metricSource.spec.query;
  const path = at('thresholdMetric', 'metricSource', 'spec', 'query');
  checkQuery(query, path, problems);
  if (value === undefined || op === undefined) {
    problems.push({
      path: ['spec', 'objectives', 0, value === undefined ? 'value' : 'op'],
      found: 'nothing',
      possible: value === undefined ? 'a bucket bound of the histogram' : 'lte, lt',
    });
    return undefined;
  }
  const [histogram, ...others] = metricSelectors(query);
  if (problems.length > 0) return undefined;
  if (
    !histogram?.metric.endsWith('_bucket') ||
    others.length > 0 ||
    histogram.matchers.some(({ label }) => label === 'le')
  ) {
    problems.push({
      path,
      found: shown(query),
      possible: `rates of one histogram without a matcher on le, such as sum(rate(request_duration_seconds_bucket[${WINDOW_PLACEHOLDER}]))`,
    });
    return undefined;
  }
  return {
    counts: 'good',
    numerator: withMatcher(query, bucketMatcher(value)),
    total: withMatcher(query, 'le="+Inf"'),
    missingNumerator: 'no-data',
  };
}

/** A scrape writes a whole bound as `1.0`, OTLP as `1`. */
function bucketMatcher(bound: number): string {
  const text = decimalOf(bound);
  return Number.isInteger(bound) ? `le=~"${text}|${text}\\\\.0"` : `le="${text}"`;
}

function checkQuery(query: string, path: readonly PropertyKey[], problems: SchemaProblem[]): void {
  const error = syntaxError(query);
  if (error)
    problems.push({
      path,
      found: `${shown(query)}, which does not parse at character ${error.offset + 1}${error.near ? ` near ${shown(error.near)}` : ''}`,
      possible: `PromQL such as sum(rate(requests_total[${WINDOW_PLACEHOLDER}]))`,
    });
  else if (!hasWindowPlaceholder(query))
    problems.push({
      path,
      found: `${shown(query)}, which has no window placeholder`,
      possible: `a range of [${WINDOW_PLACEHOLDER}], for which each window is put in`,
    });
}
