import {
  requestFailedShare,
  requestRate,
  requestsAnsweredWithin,
  SERVICE,
} from '@aiops-sre/conventions/queries/requests.ts';
import { promqlString } from '../../remediation/promql.ts';
import { type Graph, type IncidentGraphs, summaryOf } from './graph.ts';
import type { RangeReader } from './incident-graphs.ts';
import { aligned, latestRange, percents, timestampsOf } from './range.ts';
import { WATCHED_METRICS, watchedGraphs } from './watched-graphs.ts';

/** Spans that a page can be asked for, in hours. */
export const SPANS_HOURS = [1, 6, 24] as const;
export type SpanHours = (typeof SPANS_HOURS)[number];

const POINTS = 240;
const SHORTEST_STEP_SECONDS = 15;
const MOST_WATCHED = 6;

/**
 * Requests, failures and times to answer of a service, then what the detector watches of it, anomalies first.
 *
 * @throws Error of the reader, fit for a log
 */
export async function serviceGraphs(options: {
  readonly prometheus: RangeReader;
  readonly service: string;
  readonly hours: SpanHours;
  readonly nowMs: number;
}): Promise<IncidentGraphs> {
  const { prometheus, service, hours, nowMs } = options;
  const stepSeconds = Math.max(SHORTEST_STEP_SECONDS, (hours * 3600) / POINTS);
  const range = latestRange(hours * 3600, stepSeconds, nowMs);
  const timestamps = timestampsOf(range);
  const window = `${Math.max(120, 2 * stepSeconds)}s`;
  const read = async (query: string) => (await prometheus.queryRange({ query, ...range })).series;
  const scope = `${SERVICE}=${promqlString(service)}`;
  const within = (share: number) => read(requestsAnsweredWithin(scope, window, share));
  const [rate, failed, p50, p95, p99, watched] = await Promise.all([
    read(requestRate(scope, window)),
    read(requestFailedShare(scope, window)),
    within(0.5),
    within(0.95),
    within(0.99),
    read(`{__name__=~"${WATCHED_METRICS.join('|')}", service=${promqlString(service)}}`),
  ]);
  const line = (title: string, series: typeof rate, more: Partial<Graph> = {}): Graph => {
    const graph = { title, timestamps, value: aligned(series[0], timestamps), ...more };
    return { ...graph, summary: summaryOf(graph) };
  };
  return {
    incident: null,
    graphs: [
      line('Requests a second', rate),
      line('Failed requests, %', failed, { value: percents(aligned(failed[0], timestamps)) }),
      line('Seconds to answer', p95, {
        name: '95 %',
        lines: [
          { name: '50 %', values: aligned(p50[0], timestamps) },
          { name: '99 %', values: aligned(p99[0], timestamps) },
        ],
      }),
      ...watchedGraphs(watched, timestamps).slice(0, MOST_WATCHED),
    ],
  };
}
