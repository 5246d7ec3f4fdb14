import { type SchemaProblem, shown } from '@aiops-sre/service-kit/schema/check.ts';
import type { Indicator } from '../model/slo.ts';
import { type EventRate, type EventRateOptions, readEventRate } from '../promql/event-rate.ts';
import { bucketMatcher } from '../promql/le-bound.ts';
import { withMatcher, withMatchersReplaced } from '../promql/selectors.ts';
import { ShapeError } from '../promql/shape-error.ts';
import type { IndicatorSpec, ObjectiveDocument } from './definition-schema.ts';
import { reservedGroup } from './settings.ts';

export interface IndicatorInput {
  readonly spec: IndicatorSpec;
  /** Where it stands in its document. */
  readonly path: readonly PropertyKey[];
  readonly objective: ObjectiveDocument;
  readonly objectivePath: readonly PropertyKey[];
  readonly groupBy: readonly string[] | undefined;
}

export interface IndicatorResult {
  readonly indicator: Indicator;
  readonly groupBy: readonly string[];
  readonly notes: readonly string[];
}

/** What counts as good or bad, of an indicator and one objective. Problems go to `problems`; then there is no result. */
export function toIndicator(input: IndicatorInput, problems: SchemaProblem[]): IndicatorResult | undefined {
  return input.spec.ratioMetric ? ratioIndicator(input, problems) : thresholdIndicator(input, problems);
}

function ratioIndicator(
  { spec, path, objective, objectivePath, groupBy }: IndicatorInput,
  problems: SchemaProblem[],
): IndicatorResult | undefined {
  const metric = spec.ratioMetric!;
  const counts = metric.bad ? 'bad' : 'good';
  for (const field of ['op', 'value'] as const)
    if (objective[field] !== undefined)
      problems.push({
        path: [...objectivePath, field],
        found: shown(objective[field]),
        possible: 'nothing beside a ratioMetric: it belongs to a thresholdMetric',
      });
  const options = { isCounter: metric.counter === true, groupBy };
  const at = (side: string) => [...path, 'ratioMetric', side, 'metricSource', 'spec', 'query'];
  const numerator = eventRate(metric[counts]!.metricSource.spec.query, options, at(counts), problems);
  const total = eventRate(metric.total.metricSource.spec.query, options, at('total'), problems);
  if (!numerator || !total) return undefined;
  const labels = sameGroups(numerator, total, groupBy, at(counts), problems);
  if (!labels) return undefined;
  const bucket = [numerator, total].map(({ query }) => withWholeBounds(query));
  return {
    indicator: {
      counts,
      numerator: bucket[0]!.query,
      total: bucket[1]!.query,
      missingNumerator: 'zero',
      selectors: selectorsOf(numerator, total, (query) => withWholeBounds(query).query),
      notPlain: numerator.notPlain ?? total.notPlain,
    },
    groupBy: labels,
    notes: [...numerator.notes, ...total.notes, ...bucket.flatMap(({ notes }) => notes)],
  };
}

function thresholdIndicator(
  { spec, path, objective, objectivePath, groupBy }: IndicatorInput,
  problems: SchemaProblem[],
): IndicatorResult | undefined {
  const { op, value } = objective;
  const at = [...path, 'thresholdMetric', 'metricSource', 'spec', 'query'];
  const query = spec.thresholdMetric!.metricSource.spec.query;
  const rate = eventRate(query, { isCounter: true, groupBy, ignoredLabel: 'le' }, at, problems);
  for (const field of ['value', 'op'] as const)
    if (objective[field] === undefined)
      problems.push({
        path: [...objectivePath, field],
        found: 'nothing',
        possible: field === 'value' ? 'a bucket bound of the histogram' : 'lte, lt',
      });
  if (!rate || value === undefined || op === undefined) return undefined;
  const possible =
    'rates of one histogram without a matcher on le, such as sum(rate(request_duration_seconds_bucket[{{.window}}])), or of a native one without _bucket';
  const refused = (found: string) => {
    problems.push({ path: at, found, possible });
    return undefined;
  };
  if (rate.notPlain !== undefined) return refused(`${shown(query)}, of which ${rate.notPlain}`);
  const [{ metric, matchers }] = rate.selectors as [EventRate['selectors'][number]];
  if (matchers.some(({ label }) => label === 'le')) return refused(`${shown(query)} with a matcher on le`);
  const labels = sameGroups(rate, rate, groupBy, at, problems);
  if (!labels) return undefined;
  if (metric.endsWith('_bucket')) {
    const good = bucketMatcher(value);
    const all = 'le="+Inf"';
    return {
      indicator: {
        counts: 'good',
        numerator: withMatcher(rate.query, good),
        total: withMatcher(rate.query, all),
        missingNumerator: 'no-data',
        selectors: {
          numerator: rate.selectors.map(({ text }) => withMatcher(text, good)),
          total: rate.selectors.map(({ text }) => withMatcher(text, all)),
        },
      },
      groupBy: labels,
      notes: rate.notes,
    };
  }
  if (metric === '' || /_(total|sum|count)$/.test(metric))
    return refused(`${shown(query)}, which is no histogram`);
  return {
    indicator: {
      counts: 'good',
      // The share of nothing is no number, where nothing is what is good of it.
      numerator:
        `(histogram_fraction(-Inf, ${value}, ${rate.query}) * histogram_count(${rate.query}) >= 0 ` +
        `or 0 * histogram_count(${rate.query}))`,
      total: `histogram_count(${rate.query})`,
      missingNumerator: 'no-data',
      selectors: { numerator: [], total: rate.selectors.map(({ text }) => text) },
      notPlain: 'it reads a native histogram',
    },
    groupBy: labels,
    notes: [...rate.notes, `${metric} is read as a native histogram, since its name does not end in _bucket`],
  };
}

function eventRate(
  query: string,
  options: EventRateOptions,
  path: readonly PropertyKey[],
  problems: SchemaProblem[],
): EventRate | undefined {
  try {
    return readEventRate(query, options);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    problems.push({ path, found: `${error.found} in ${shown(query)}`, possible: error.possible });
    return undefined;
  }
}

/** Labels that both queries keep, which make an SLO of each of their groups. */
function sameGroups(
  numerator: EventRate,
  total: EventRate,
  asked: readonly string[] | undefined,
  path: readonly PropertyKey[],
  problems: SchemaProblem[],
): readonly string[] | undefined {
  const found = (found: string, possible: string) => {
    problems.push({ path, found, possible });
    return undefined;
  };
  if (numerator.groupBy.join() !== total.groupBy.join())
    return found(
      `groups by (${numerator.groupBy.join(', ')}) beside a total by (${total.groupBy.join(', ')})`,
      'the same labels in both queries',
    );
  const labels = numerator.groupBy;
  if (asked !== undefined && labels.join() !== [...asked].sort().join())
    return found(
      `groups by (${labels.join(', ')}), where slo/group-by names ${asked.join(', ')}`,
      'the same labels in both, or none in the queries',
    );
  const reserved = reservedGroup(labels);
  if (reserved !== undefined)
    return found(
      `groups by the label ${reserved}, which rules and alerts have already`,
      'sum(...) without it, or an SLO for each of its values',
    );
  return labels;
}

/** A whole bound as `le="1"` finds nothing where a scrape wrote 1.0: both are looked for. */
function withWholeBounds(query: string): { query: string; notes: readonly string[] } {
  const notes: string[] = [];
  const changed = withMatchersReplaced(query, ({ label, operator, value }) => {
    if (label !== 'le' || operator !== '=' || !Number.isFinite(Number(value)) || value === '')
      return undefined;
    const matcher = bucketMatcher(Number(value));
    if (matcher === `le="${value}"`) return undefined;
    notes.push(`le="${value}" is read as ${matcher}: Prometheus writes bounds in more than one way`);
    return matcher;
  });
  return { query: changed, notes };
}

function selectorsOf(numerator: EventRate, total: EventRate, rewritten: (selector: string) => string) {
  const texts = ({ selectors }: EventRate) => selectors.map(({ text }) => rewritten(text));
  return { numerator: texts(numerator), total: texts(total) };
}
