import { METRICS } from '@aiops-sre/conventions/metric-names.ts';

const RATE = '$__rate_interval';
const FAILED = 'status_code="STATUS_CODE_ERROR"';

/** Which spans: label matchers of span metrics, without braces. */
export type SpanScope = string;

const calls = (scope: SpanScope, more = '') =>
  `rate(${METRICS.spanCalls}{${scope}${more && `,${more}`}}[${RATE}])`;

/** Spans a second, before sampling, by labels. */
export const spanRate = (scope: SpanScope, by: string) => `sum by (${by}) (${calls(scope)})`;

/** Share of spans that failed, 0..1, by labels: 0 where none did. */
export const spanFailureRatio = (scope: SpanScope, by: string) =>
  `(sum by (${by}) (${calls(scope, FAILED)}) or 0 * ${spanRate(scope, by)}) / (${spanRate(scope, by)} > 0)`;

/** Duration in seconds below which a share of the spans stays, by labels; absent where there are none. */
export const spanQuantile = (scope: SpanScope, quantile: number, by: string) =>
  `histogram_quantile(${quantile}, sum by (${by}, le) (rate(${METRICS.spanDuration}_bucket{${scope}}[${RATE}]))) >= 0`;

const EDGE = 'client, server';
const graph = (metric: string) => `sum by (${EDGE}) (rate(${metric}[${RATE}]))`;

/** Calls a second from one service to another; `user` is whoever calls without a span. */
export const edgeRate = graph(METRICS.serviceGraphRequests);
/** Share of those calls that failed, 0..1; 0 where none ever did. */
export const edgeFailureRatio = `(${graph(METRICS.serviceGraphFailed)} or 0 * ${edgeRate}) / (${edgeRate} > 0)`;
const EDGE_HISTOGRAMS = {
  client: METRICS.serviceGraphRequests.replace(/_total$/, '_client_seconds_bucket'),
  server: METRICS.serviceGraphRequests.replace(/_total$/, '_server_seconds_bucket'),
};
/** Duration in seconds below which 95 % of the calls stay, as its client or its server sees it. */
export const edgeLatency = (side: 'client' | 'server') => {
  // Nobody measures at the client that has no spans.
  const known = side === 'client' ? '{client!="user"}' : '';
  return `histogram_quantile(0.95, sum by (${EDGE}, le) (rate(${EDGE_HISTOGRAMS[side]}${known}[${RATE}]))) >= 0`;
};

/** What Grafana asks Prometheus for to draw a service map. */
export const SERVICE_MAP_METRICS = [
  METRICS.serviceGraphRequests,
  METRICS.serviceGraphRequests.replace(/_total$/, '_server_seconds_sum'),
  METRICS.serviceGraphRequests.replace(/_total$/, '_server_seconds_count'),
] as const;

/** Without it Tempo answers with those it comes across first. */
const NEWEST_FIRST = 'with (most_recent = true)';
/** Spans of routes that match; all of them, also those without a route, where every route does. */
const ofRoutes = (routes: string) => `(span.http.route =~ "${routes}" || ".*" = "${routes}")`;
/** TraceQL: the newest traces in which the service answered slower than `slower`, a duration or a variable. */
export const slowTraces = (service: string, routes: string, slower: string) =>
  `{ resource.service.name = "${service}" && kind = server && duration > ${slower} && ${ofRoutes(routes)} } ${NEWEST_FIRST}`;
/** TraceQL: the newest traces in which a span of the service failed. */
export const failedTraces = (service: string, routes: string) =>
  `{ resource.service.name = "${service}" && status = error && ${ofRoutes(routes)} } ${NEWEST_FIRST}`;
