import { DATA_SOURCES } from '../src/data-sources.ts';
import type { DashboardQuery } from './dashboard-queries.ts';
import type { Intervals } from './interpolation.ts';

/** Addresses of what dashboards ask, without a slash at the end. */
export interface QuerySources {
  readonly prometheusUrl: string;
  readonly tempoUrl: string;
  readonly lokiUrl: string;
}

/** Addresses from the environment, or those of a stack on the default ports. @throws naming the variable that is wrong. */
export function querySources(environment: Readonly<Record<string, string | undefined>>): QuerySources {
  const address = (name: string, preset: string) => {
    const given = environment[name] ?? preset;
    if (!/^https?:$/.test(URL.parse(given)?.protocol ?? ''))
      throw new Error(`${name} must be an http address, got "${given}"`);
    return given.replace(/\/+$/, '');
  };
  return {
    prometheusUrl: address('PROMETHEUS_URL', 'http://127.0.0.1:9090'),
    tempoUrl: address('TEMPO_URL', 'http://127.0.0.1:3200'),
    lokiUrl: address('LOKI_URL', 'http://127.0.0.1:3100'),
  };
}

export interface Answer {
  /** Labels of each series, trace or exemplar; of label values, one for each. */
  readonly results: readonly Readonly<Record<string, string>>[];
}

interface Asked {
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly results: (body: never) => Answer['results'];
}

const TIMEOUT_MS = 30_000;

/** Asks the data source, as of `untilSeconds`. @throws with what it answered where that is an error. */
export async function askSource(
  sources: QuerySources,
  query: Omit<DashboardQuery, 'dashboard' | 'where' | 'refId' | 'legendLabels'>,
  at: { readonly untilSeconds: number; readonly intervals: Intervals },
): Promise<Answer> {
  const { path, parameters, results } = asked(query, at);
  const base = baseOf(sources, query.dataSource);
  const response = await fetch(`${base}${path}?${new URLSearchParams(parameters)}`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${base}${path} answered ${response.status}: ${text.slice(0, 300)}`);
  return { results: results(JSON.parse(text) as never) };
}

function baseOf({ prometheusUrl, tempoUrl, lokiUrl }: QuerySources, dataSource: string): string {
  if (dataSource === DATA_SOURCES.tempo.uid) return tempoUrl;
  // Loki's API for figures is Prometheus', under a path of its own.
  return dataSource === DATA_SOURCES.loki.uid ? `${lokiUrl}/loki` : prometheusUrl;
}

function asked(
  { kind, query, label }: Pick<DashboardQuery, 'kind' | 'query' | 'label'>,
  { untilSeconds, intervals }: { readonly untilSeconds: number; readonly intervals: Intervals },
): Asked {
  const { rangeSeconds, stepSeconds } = intervals;
  const range = { start: `${untilSeconds - rangeSeconds}`, end: `${untilSeconds}` };
  const vector = (body: { data: { result: { metric: Record<string, string> }[] } }) =>
    body.data.result.map(({ metric }) => metric);
  switch (kind) {
    case 'instant':
      return { path: '/api/v1/query', parameters: { query, time: `${untilSeconds}` }, results: vector };
    case 'range':
      return {
        path: '/api/v1/query_range',
        parameters: { query, ...range, step: `${stepSeconds}` },
        results: vector,
      };
    case 'lines':
      return {
        path: '/api/v1/query_range',
        parameters: { query, ...range, limit: '20' },
        results: (body: { data: { result: { stream: Record<string, string> }[] } }) =>
          body.data.result.map(({ stream }) => stream),
      };
    case 'exemplars':
      return {
        path: '/api/v1/query_exemplars',
        parameters: { query, ...range },
        results: (body: { data: { seriesLabels: Record<string, string> }[] }) =>
          body.data.map(({ seriesLabels }) => seriesLabels),
      };
    case 'label-values':
      return {
        path: `/api/v1/label/${label}/values`,
        parameters: { 'match[]': query, ...range },
        results: (body: { data: string[] }) => body.data.map((value) => ({ [label!]: value })),
      };
    case 'search':
      return {
        path: '/api/search',
        parameters: { q: query, limit: '20', ...range },
        results: (body: { traces?: { traceID: string; rootServiceName?: string }[] }) =>
          (body.traces ?? []).map(({ traceID }) => ({ traceID })),
      };
  }
}
