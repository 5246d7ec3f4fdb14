import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { serviceOf } from '../alerts/coverage.ts';
import type { RuleWatch } from '../watch/rule-watch.ts';
import { escaped } from '../watch/series-key.ts';
import type { WatchedSeries } from '../watch/watched-series.ts';

type Column = { name: string; help: string; value: (series: WatchedSeries) => number | undefined };

const scored = (series: WatchedSeries) =>
  series.latest.observation.kind === 'scored' ? series.latest.observation : undefined;

const COLUMNS: readonly Column[] = [
  { name: METRICS.anomalyValue, help: 'The latest value.', value: (series) => series.latest.value },
  {
    name: METRICS.anomalyExpected,
    help: 'What the model expected of the latest value.',
    value: (series) => scored(series)?.expected,
  },
  {
    name: METRICS.anomalyLower,
    help: 'Lower bound of the 95 % interval around the expectation.',
    value: (series) => scored(series)?.lower,
  },
  {
    name: METRICS.anomalyUpper,
    help: 'Upper bound of the 95 % interval around the expectation.',
    value: (series) => scored(series)?.upper,
  },
  {
    name: METRICS.anomalyScore,
    help: 'How unusual the latest value is, 0..1; 1 for a series that vanished.',
    value: (series) => (series.episode?.direction === 'missing' ? 1 : scored(series)?.score),
  },
  {
    name: METRICS.anomalyActive,
    help: '1 while an anomaly lasts, else 0.',
    value: (series) => (series.episode ? 1 : 0),
  },
];

/** Rendered labels of a series: thousands of series are rendered at every scrape, and labels never change. */
const renderedLabels = new WeakMap<WatchedSeries, string>();

/**
 * The watched series in Prometheus' text format. A rule that has not been evaluated for `staleAfterSeconds` is left
 * out: old numbers must not look alive.
 */
export function exposeSeries(
  watches: readonly RuleWatch[],
  nowSeconds: number,
  staleAfterSeconds: (watch: RuleWatch) => number,
): string {
  const fresh = watches.filter(
    (watch) =>
      watch.evaluatedUntilSeconds !== undefined &&
      nowSeconds - watch.evaluatedUntilSeconds <= staleAfterSeconds(watch),
  );
  const lines: string[] = [];
  for (const { name, help, value } of COLUMNS) {
    lines.push(`# HELP ${name} ${help}\n# TYPE ${name} gauge\n`);
    for (const watch of fresh)
      for (const series of watch.series.values()) {
        const number = value(series);
        if (number !== undefined) lines.push(`${name}${labelsOf(watch, series)} ${number}\n`);
      }
  }
  return lines.join('');
}

function labelsOf(watch: RuleWatch, series: WatchedSeries): string {
  const known = renderedLabels.get(series);
  if (known !== undefined) return known;
  // Always a service: a scrape that honours labels would else add the detector's own.
  const { rule } = watch;
  const labels = { rule: rule.name, service: serviceOf({ rule, series }), ...series.labels };
  const rendered = `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')}}`;
  renderedLabels.set(series, rendered);
  return rendered;
}
