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
    help: 'Lower bound of the 95 % prediction interval around the expectation.',
    value: (series) => scored(series)?.lower,
  },
  {
    name: METRICS.anomalyUpper,
    help: 'Upper bound of the 95 % prediction interval around the expectation.',
    value: (series) => scored(series)?.upper,
  },
  {
    name: METRICS.anomalyScore,
    help: 'How unusual the latest value is, 0..1; the highest so far while an anomaly lasts, 1 for a series that vanished.',
    value: (series) => series.episode?.score ?? scored(series)?.score,
  },
  {
    name: METRICS.anomalyActive,
    help: '1 while an anomaly lasts, else 0.',
    value: (series) => (series.episode ? 1 : 0),
  },
];

/** Rendered labels of a series: thousands of series are rendered at every scrape, and labels never change. */
const renderedLabels = new WeakMap<WatchedSeries, string>();

/** The watched series of these rules in Prometheus' text format. */
export function exposeSeries(watches: readonly RuleWatch[]): string {
  const lines: string[] = [];
  for (const { name, help, value } of COLUMNS) {
    lines.push(`# HELP ${name} ${help}\n# TYPE ${name} gauge\n`);
    for (const watch of watches)
      for (const series of shownSeries(watch)) {
        const number = value(series);
        if (number !== undefined) lines.push(`${name}${labelsOf(watch, series)} ${number}\n`);
      }
  }
  return lines.join('');
}

/** Where a template has several series of a service, such as routes, there may be thousands: those with an anomaly are shown. */
function shownSeries({ rule, series }: RuleWatch): WatchedSeries[] {
  const all = [...series.values()];
  return (rule.forEach?.maxSeriesEach ?? 1) > 1 ? all.filter(({ episode }) => episode !== undefined) : all;
}

/** `{rule="...",...}` of a series, with the limit it is about, if any. */
export function labelsOf(watch: RuleWatch, series: WatchedSeries, limit?: string): string {
  const rendered = renderedLabels.get(series) ?? rendering(watch, series);
  return limit === undefined ? `{${rendered}}` : `{${rendered},limit="${escaped(limit)}"}`;
}

function rendering({ rule }: RuleWatch, series: WatchedSeries): string {
  // Always a service: a scrape that honours labels would else add the detector's own.
  const labels = { rule: rule.name, service: serviceOf({ rule, series }), ...series.labels };
  const rendered = Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');
  renderedLabels.set(series, rendered);
  return rendered;
}
