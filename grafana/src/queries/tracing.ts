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

const labelled = (expression: string, label: string, from: string) =>
  `label_replace(${expression}, "${label}", "$1", "${from}", "(.+)")`;
/** Of a counter of calls: those that each service answers and, of one that nobody calls, those that it makes; by label `id`. */
const byNode = (metric: string) => {
  const of = (side: string) => `sum by (id) (${labelled(graph(metric), 'id', side)})`;
  return `(${of('server')} or ${of('client')})`;
};
const SERVER_SECONDS = METRICS.serviceGraphRequests.replace(/_total$/, '_server_seconds');
const meanSeconds = (of: (metric: string) => string) =>
  `${of(`${SERVER_SECONDS}_sum`)} / (${of(`${SERVER_SECONDS}_count`)} > 0)`;
const nodeRate = byNode(METRICS.serviceGraphRequests);
/** Where nothing of the kind was ever counted nothing failed. */
const nodeFailed = `(${byNode(METRICS.serviceGraphFailed)} or 0 * ${nodeRate}) / clamp_min(${nodeRate}, 1e-9)`;
/** Adds `title`, and `service`: the service itself or, of who calls without a span, the one that it calls most. */
const withService = (node: string) => {
  const called = `sum by (id, service) (${labelled(labelled(`topk by (client) (1, ${edgeRate})`, 'id', 'client'), 'service', 'server')} * 0 + 1)`;
  const itself = `group by (id, service) (${labelled(labelled(edgeRate, 'id', 'server'), 'service', 'server')})`;
  return labelled(
    `${node} * on (id) group_left (service) (${itself} or (${called} unless on (id) ${itself}))`,
    'title',
    'id',
  );
};
const withEnds = (edge: string) =>
  `sum by (id, source, target) (label_join(${labelled(labelled(edge, 'source', 'client'), 'target', 'server')}, "id", " ", "client", "server"))`;

/** What a service map shows, as of the end of the time range. */
export const serviceMapFields = {
  nodes: {
    mainstat: meanSeconds(byNode),
    secondarystat: withService(nodeRate),
    arc__fine: `1 - ${nodeFailed}`,
    arc__failed: nodeFailed,
  },
  edges: {
    mainstat: withEnds(meanSeconds(graph)),
    secondarystat: withEnds(edgeRate),
  },
} as const;

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
