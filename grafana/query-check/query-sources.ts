import {
  type BackendClient,
  createBackendClient,
  type Parameters,
} from '@aiops-sre/service-kit/backends/backend-client.ts';
import type { PlatformAddresses } from '@aiops-sre/service-kit/platform/addresses.ts';
import { z } from 'zod';
import { DATA_SOURCES } from '../src/data-sources.ts';
import type { DashboardQuery } from './dashboard-queries.ts';
import type { Intervals } from './interpolation.ts';

export interface Answer {
  /** Labels of each series, trace or exemplar; of label values, one for each. */
  readonly results: readonly Readonly<Record<string, string>>[];
  /** Of a query for one moment: the value of each of the results. */
  readonly values?: readonly string[];
}

/** Addresses of what dashboards ask. */
export type QuerySources = Pick<PlatformAddresses, 'prometheusUrl' | 'tempoUrl' | 'lokiUrl'>;

const TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

const labels = z.record(z.string(), z.string());
const seriesSchema = z
  .object({ data: z.object({ result: z.array(z.object({ metric: labels })) }) })
  .transform(({ data }) => ({ results: data.result.map(({ metric }) => metric) }));
const samplesSchema = z
  .object({
    data: z.object({
      result: z.array(z.object({ metric: labels, value: z.tuple([z.number(), z.string()]) })),
    }),
  })
  .transform(({ data }) => ({
    results: data.result.map(({ metric }) => metric),
    values: data.result.map(({ value: [, value] }) => value),
  }));
const linesSchema = z
  .object({ data: z.object({ result: z.array(z.object({ stream: labels })) }) })
  .transform(({ data }) => ({ results: data.result.map(({ stream }) => stream) }));
const exemplarsSchema = z
  .object({ data: z.array(z.object({ seriesLabels: labels })) })
  .transform(({ data }) => ({ results: data.map(({ seriesLabels }) => seriesLabels) }));
const valuesSchema = z.object({ data: z.array(z.string()) });
const tracesSchema = z
  .object({ traces: z.array(z.object({ traceID: z.string() })).default([]) })
  .transform(({ traces }) => ({ results: traces.map(({ traceID }) => ({ traceID })) }));

/** Asks the data source, as of `untilSeconds`. @throws BackendError with what it answered where that is an error. */
export async function askSource(
  sources: QuerySources,
  query: Omit<DashboardQuery, 'dashboard' | 'where' | 'refId' | 'legendLabels'>,
  at: { readonly untilSeconds: number; readonly intervals: Intervals },
): Promise<Answer> {
  return await asked(clientOf(sources, query.dataSource), query, at);
}

function clientOf({ prometheusUrl, tempoUrl, lokiUrl }: QuerySources, dataSource: string): BackendClient {
  const client = (name: string, url: string) =>
    createBackendClient({ name, url, timeoutMs: TIMEOUT_MS, maxAnswerBytes: MAX_ANSWER_BYTES });
  if (dataSource === DATA_SOURCES.tempo.uid) return client('Tempo', tempoUrl);
  // Loki's API for figures is Prometheus', under a path of its own.
  if (dataSource === DATA_SOURCES.loki.uid) return client('Loki', `${lokiUrl}/loki`);
  return client('Prometheus', prometheusUrl);
}

async function asked(
  http: BackendClient,
  { kind, query, label }: Pick<DashboardQuery, 'kind' | 'query' | 'label'>,
  { untilSeconds, intervals }: { readonly untilSeconds: number; readonly intervals: Intervals },
): Promise<Answer> {
  const { rangeSeconds, stepSeconds } = intervals;
  const range = { start: untilSeconds - rangeSeconds, end: untilSeconds };
  const ask = <T>(path: string, parameters: Parameters, schema: z.ZodType<T>) =>
    http.json({ path, parameters }, schema);
  switch (kind) {
    case 'instant':
      return ask('/api/v1/query', { query, time: untilSeconds }, samplesSchema);
    case 'range':
      return ask('/api/v1/query_range', { query, ...range, step: stepSeconds }, seriesSchema);
    case 'lines':
      return ask('/api/v1/query_range', { query, ...range, limit: 20 }, linesSchema);
    case 'exemplars':
      return ask('/api/v1/query_exemplars', { query, ...range }, exemplarsSchema);
    case 'label-values': {
      const { data } = await ask(
        `/api/v1/label/${label}/values`,
        { 'match[]': query, ...range },
        valuesSchema,
      );
      return { results: data.map((value) => ({ [label!]: value })) };
    }
    case 'search':
      return ask('/api/search', { q: query, limit: 20, ...range }, tracesSchema);
  }
}
