import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import type { BackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { z } from 'zod';
import { pushedBy, spansOf } from './observe.ts';

/** What the telemetry of a service tells of it, as far as there is any yet. */
export interface Findings {
  /** Routes or names of requests, the most used first, with the number of requests so far. */
  readonly routes: readonly { readonly route: string; readonly requests: number }[];
  /** What it calls, by the service graph. */
  readonly dependencies: readonly string[];
  /** Of the last two minutes; undefined before there are two samples. */
  readonly requestsPerSecond: number | undefined;
  /** 0..1. */
  readonly errorRatio: number | undefined;
  readonly p95Seconds: number | undefined;
  /** Names that its HTTP telemetry has: `new` is stable since 2023 (http.request.method), `old` before (http.method). */
  readonly conventions: readonly ('old' | 'new')[];
}

const foundSchema = z.object({ traces: z.array(z.unknown()).default([]) });
const MOST_ROUTES = 20;
const WINDOW = '2m';

export async function findings(
  { prometheus, tempo }: { readonly prometheus: PrometheusClient; readonly tempo: BackendClient },
  service: string,
  nowSeconds: number,
): Promise<Findings> {
  const inner = spansOf(service).slice(1, -1);
  const requests = `${inner},span_kind=~"SPAN_KIND_(SERVER|CONSUMER|UNSPECIFIED)"`;
  const rate = (more = '') => `sum(rate(${METRICS.serviceCalls}{${requests}${more}}[${WINDOW}]))`;
  const present = async (metric: string) => {
    const series = pushedBy(service).replace('{', `{__name__=~"${metric}",`);
    return (await prometheus.value(`count(${series})`)) !== undefined;
  };
  // The Collector gives the old names their new ones, and leaves them.
  const hasSpan = async (attribute: string) => {
    const q = `{ resource.service.name = ${JSON.stringify(service)} && span.${attribute} != nil }`;
    const parameters = { q, start: Math.floor(nowSeconds - 900), end: Math.ceil(nowSeconds), limit: 1 };
    const { traces } = await tempo.json({ path: '/api/search', parameters }, foundSchema);
    return traces.length > 0;
  };
  const [routes, dependencies, requestsPerSecond, errors, p95, newMetrics, oldMetrics, newSpans, oldSpans] =
    await Promise.all([
      prometheus.query(
        `topk(${MOST_ROUTES}, sum by (http_route, http_request_method, span_name) (${METRICS.spanCalls}{${requests}}))`,
      ),
      prometheus.query(
        `sum by (server) (${METRICS.serviceGraphRequests}{client=${JSON.stringify(service)},server!="user"})`,
      ),
      prometheus.value(rate()),
      prometheus.value(`(${rate(',status_code="STATUS_CODE_ERROR"')} or vector(0)) / ${rate()}`),
      prometheus.value(
        `histogram_quantile(0.95, sum by (le) (rate(${METRICS.serviceDuration}_bucket{${requests}}[${WINDOW}])))`,
      ),
      present('http_server_request_duration.*_count'),
      present('http_server_duration.*_count'),
      hasSpan('http.request.method'),
      hasSpan('http.method'),
    ]);
  const finite = (value: number | undefined) => (Number.isFinite(value) ? value : undefined);
  return {
    routes: routes
      .map(({ labels: { http_route, http_request_method, span_name }, value }) => ({
        route: http_route ? [http_request_method, http_route].filter(Boolean).join(' ') : (span_name ?? ''),
        requests: value,
      }))
      .sort((a, b) => b.requests - a.requests),
    dependencies: dependencies.map(({ labels }) => labels.server ?? '').sort(),
    requestsPerSecond: finite(requestsPerSecond),
    errorRatio: finite(errors),
    p95Seconds: finite(p95),
    conventions: [
      ...(newMetrics || (newSpans && !oldSpans) ? (['new'] as const) : []),
      ...(oldMetrics || oldSpans ? (['old'] as const) : []),
    ],
  };
}
