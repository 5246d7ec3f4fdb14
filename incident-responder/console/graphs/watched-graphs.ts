import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { type RangeSeries, sampleValue } from '@aiops-sre/service-kit/prometheus/samples.ts';
import { type Graph, summaryOf } from './graph.ts';
import { aligned } from './range.ts';

/** Gauges of the detector that a graph of a watched series is drawn from. */
export const WATCHED_METRICS = [
  METRICS.anomalyValue,
  METRICS.anomalyExpected,
  METRICS.anomalyLower,
  METRICS.anomalyUpper,
  METRICS.anomalyActive,
];

/** One for each watched series, those with an anomaly first. */
export function watchedGraphs(
  all: readonly RangeSeries[],
  timestamps: readonly number[],
  linkOf: (rule: string) => string | undefined = () => undefined,
): Graph[] {
  const byLabels = new Map<string, Map<string, RangeSeries>>();
  for (const series of all) {
    const { __name__: name = '', ...labels } = series.labels;
    const key = JSON.stringify(Object.entries(labels).sort());
    const metrics = byLabels.get(key) ?? new Map<string, RangeSeries>();
    byLabels.set(key, metrics.set(name, series));
  }
  return [...byLabels.values()]
    .map((metrics) => ({
      graph: watchedGraph(metrics, timestamps, linkOf),
      activePoints:
        metrics.get(METRICS.anomalyActive)?.samples.filter(([, value]) => sampleValue(value) > 0).length ?? 0,
    }))
    .sort((a, b) => b.activePoints - a.activePoints || a.graph.title.localeCompare(b.graph.title))
    .map(({ graph }) => graph);
}

function watchedGraph(
  metrics: ReadonlyMap<string, RangeSeries>,
  timestamps: readonly number[],
  linkOf: (rule: string) => string | undefined,
): Graph {
  const { labels = {} } = [...metrics.values()][0] ?? {};
  const { rule = 'series', service, job: _job, instance, ...rest } = labels;
  const kept = Object.entries(rest).filter(([name]) => name !== '__name__');
  const of = (name: string) => aligned(metrics.get(name), timestamps);
  const graph = {
    title: [
      `${rule.replaceAll('_', ' ')}`,
      // The rule's name mostly begins with the service's.
      service !== undefined && !rule.startsWith(service) ? service : undefined,
      ...kept.map(([name, value]) => `${name} ${value}`),
      instance !== undefined && !instance.includes(':') ? instance : undefined,
    ]
      .filter((part) => part !== undefined)
      .join(', '),
    timestamps,
    value: of(METRICS.anomalyValue),
    band: {
      expected: of(METRICS.anomalyExpected),
      lower: of(METRICS.anomalyLower),
      upper: of(METRICS.anomalyUpper),
    },
  };
  const link = linkOf(rule);
  return { ...graph, ...(link && { link }), summary: summaryOf(graph) };
}
