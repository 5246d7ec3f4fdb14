import { z } from 'zod';
import { type BackendOptions, type BackendRequest, createBackendClient } from '../backends/backend-client.ts';
import {
  type Labels,
  labelsSchema,
  matrixSchema,
  type RangeSeries,
  type Sample,
  vectorSchema,
} from './samples.ts';

/** Unix seconds, both inclusive. */
interface TimeSpan {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

interface RangeQuery extends TimeSpan {
  readonly query: string;
  readonly stepSeconds: number;
}

export interface RangeAnswer {
  readonly series: readonly RangeSeries[];
  /** Not empty when the answer may be incomplete, as from a distributed store with a member down. */
  readonly warnings: readonly string[];
}

const alertSchema = z.object({
  labels: labelsSchema,
  annotations: labelsSchema,
  state: z.enum(['firing', 'pending', 'inactive']),
  activeAt: z.string(),
});
const alertsSchema = z.object({ alerts: z.array(alertSchema) });
export type PrometheusAlert = z.infer<typeof alertSchema>;

const targetSchema = z.object({
  labels: labelsSchema,
  scrapeUrl: z.string(),
  lastError: z.string(),
  health: z.enum(['up', 'down', 'unknown']),
});
const targetsSchema = z.object({ activeTargets: z.array(targetSchema) });
type ScrapeTarget = z.infer<typeof targetSchema>;

const exemplarsSchema = z.array(
  z.object({
    seriesLabels: labelsSchema,
    exemplars: z.array(z.object({ labels: labelsSchema, timestamp: z.number() })),
  }),
);
type SeriesExemplars = z.infer<typeof exemplarsSchema>[number];

/** Every method rejects with a BackendError, or with the abort reason of `signal`. */
export interface PrometheusClient {
  readonly url: string;
  /** An instant query for a vector, as of now or of `atSeconds`. */
  query(query: string, signal?: AbortSignal, atSeconds?: number): Promise<readonly Sample[]>;
  /** The value of a query's single series; undefined where it has none. */
  value(query: string, signal?: AbortSignal): Promise<number | undefined>;
  queryRange(query: RangeQuery, signal?: AbortSignal): Promise<RangeAnswer>;
  exemplars(query: string, span: TimeSpan): Promise<readonly SeriesExemplars[]>;
  /** Values of a label, of the series in the span that match. */
  labelValues(label: string, span: TimeSpan, match?: string): Promise<readonly string[]>;
  /** Label sets of the series in the span that match, at most `limit`. */
  series(match: string, span: TimeSpan, limit: number): Promise<readonly Labels[]>;
  /** Alerts of its own rules, pending ones too. */
  alerts(): Promise<readonly PrometheusAlert[]>;
  /** Targets that are scraped. */
  targets(): Promise<readonly ScrapeTarget[]>;
}

/**
 * A client of Prometheus' HTTP API, or of anything that speaks it (Mimir, Thanos).
 *
 * @see https://prometheus.io/docs/prometheus/latest/querying/api/
 */
export function createPrometheusClient(options: Omit<BackendOptions, 'name'>): PrometheusClient {
  const http = createBackendClient({ ...options, name: 'Prometheus' });
  const timeout = `${Math.ceil(options.timeoutMs / 1000)}s`;

  const ask = <T>(request: BackendRequest, data: z.ZodType<T>) =>
    http.json(
      { ...request, path: `/api/v1/${request.path}` },
      z.object({ status: z.literal('success'), data, warnings: z.array(z.string()).default([]) }),
    );

  // POST throughout: a query may be longer than a URL may be.
  const query: PrometheusClient['query'] = async (query, signal, atSeconds) => {
    const form = { query, time: atSeconds, timeout };
    return (await ask({ path: 'query', form, signal }, vectorSchema)).data;
  };

  return {
    url: http.url,
    query,
    value: async (expression, signal) => (await query(expression, signal))[0]?.value,
    async queryRange({ query, stepSeconds, ...span }, signal) {
      const form = { query, ...startAndEnd(span), step: stepSeconds, timeout };
      const { data, warnings } = await ask({ path: 'query_range', form, signal }, matrixSchema);
      return { series: data, warnings };
    },
    async exemplars(query, span) {
      const form = { query, ...startAndEnd(span) };
      return (await ask({ path: 'query_exemplars', form }, exemplarsSchema)).data;
    },
    async labelValues(label, span, match) {
      const parameters = { 'match[]': match, ...startAndEnd(span) };
      return (await ask({ path: `label/${label}/values`, parameters }, z.array(z.string()))).data;
    },
    async series(match, span, limit) {
      const form = { 'match[]': match, ...startAndEnd(span), limit };
      return (await ask({ path: 'series', form }, z.array(labelsSchema))).data;
    },
    alerts: async () => (await ask({ path: 'alerts' }, alertsSchema)).data.alerts,
    async targets() {
      return (await ask({ path: 'targets', parameters: { state: 'active' } }, targetsSchema)).data
        .activeTargets;
    },
  };
}

const startAndEnd = ({ startSeconds, endSeconds }: TimeSpan) => ({ start: startSeconds, end: endSeconds });
