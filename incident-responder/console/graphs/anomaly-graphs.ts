import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import type { Labels } from '@aiops-sre/service-kit/prometheus/samples.ts';
import { promqlString } from '../../remediation/promql.ts';
import { type IncidentGraphs, summaryOf } from './graph.ts';
import type { RangeReader } from './incident-graphs.ts';
import { aligned, latestRange, timestampsOf } from './range.ts';
import type { SpanHours } from './service-graphs.ts';
import { WATCHED_METRICS, watchedGraphs } from './watched-graphs.ts';

const POINTS = 240;

/**
 * The watched series that these labels choose, with their bands, and the score of the first.
 *
 * @param labels of the detector's gauges; their values may be anything, their names are names of labels
 * @throws Error of the reader, fit for a log
 */
export async function anomalyGraphs(options: {
  readonly prometheus: RangeReader;
  readonly rule: string;
  readonly labels: Labels;
  readonly hours: SpanHours;
  readonly nowMs: number;
}): Promise<IncidentGraphs> {
  const { prometheus, rule, labels, hours, nowMs } = options;
  const range = latestRange(hours * 3600, (hours * 3600) / POINTS, nowMs);
  const timestamps = timestampsOf(range);
  const matchers = Object.entries({ ...labels, rule })
    .map(([name, value]) => `${name}=${promqlString(value)}`)
    .join(',');
  const read = async (query: string) => (await prometheus.queryRange({ query, ...range })).series;
  const [watched, scores] = await Promise.all([
    read(`{__name__=~"${WATCHED_METRICS.join('|')}",${matchers}}`),
    read(`max by (rule) (${METRICS.anomalyScore}{${matchers}})`),
  ]);
  const score = {
    title: 'Anomaly score',
    timestamps,
    value: aligned(scores[0], timestamps),
    limit: { name: 'anomaly from 0.5 on', at: 0.5 },
  };
  return {
    incident: null,
    graphs: [...watchedGraphs(watched, timestamps).slice(0, 4), { ...score, summary: summaryOf(score) }],
  };
}
