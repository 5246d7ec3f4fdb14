import { HTTP_DURATION_BOUNDS_SECONDS, METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { SERVICE_NAMESPACE } from '@aiops-sre/conventions/services.ts';

const RATE = '$__rate_interval';
const also = (matchers: string) => matchers && `,${matchers}`;

/** Which requests: those of a service and, where given, of instances and routes; each may be a variable of the dashboard. */
export interface HttpScope {
  readonly service: string;
  /** Regular expressions. */
  readonly instances?: string;
  readonly routes?: string;
}

const FAILED = 'status_class="5xx"';
const matching = (label: string, pattern: string | undefined) => (pattern ? `,${label}=~"${pattern}"` : '');
const requests = ({ service, instances, routes }: HttpScope, more = '') =>
  `${METRICS.httpRequests}{service="${service}"${matching('instance', instances)}${matching('route', routes)}${also(more)}}`;
const counted = (scope: HttpScope, more = '', window = RATE) => `rate(${requests(scope, more)}[${window}])`;
const failed = (scope: HttpScope, window?: string) => counted(scope, FAILED, window);
const durations = ({ service, instances, routes }: HttpScope, part: 'bucket' | 'count' | 'sum', more = '') =>
  `rate(${METRICS.httpServerDuration}_${part}{job="${SERVICE_NAMESPACE}/${service}"${matching('instance', instances)}${matching('http_route', routes)}${also(more)}}[${RATE}])`;

/** Requests a second, by the values of a label. */
export const requestRate = (scope: HttpScope, by = 'route') => `sum by (${by}) (${counted(scope)})`;

/** Failed requests (5xx) a second, by the values of a label, over a window. */
export const failureRate = (scope: HttpScope, by = 'route', window?: string) =>
  `sum by (${by}) (${failed(scope, window)})`;

/** Share of requests that fail, 0..1, by the values of a label; absent where there are no requests. */
export const failureRatio = (scope: HttpScope, by = 'route') =>
  `${failureRate(scope, by)} / (${requestRate(scope, by)} > 0)`;

/** Failed requests (5xx) in the time range, by the values of a label: those that have any. */
export const failedCount = (scope: HttpScope, by = 'route') =>
  `sum by (${by}) (increase(${requests(scope, FAILED)}[$__range])) > 0.5`;
/** Share of the requests in the time range that failed, 0..1, by the values of a label. */
export const failedShare = (scope: HttpScope, by = 'route') =>
  `sum by (${by}) (increase(${requests(scope, FAILED)}[$__range])) / sum by (${by}) (increase(${requests(scope)}[$__range]))`;

/** Requests a second of the whole scope. */
export const overallRate = (scope: HttpScope) => `sum(${counted(scope)})`;

/** Share of all requests that fail, 0..1. */
export const overallFailureRatio = (scope: HttpScope) =>
  `sum(${failed(scope)}) / (sum(${counted(scope)}) > 0)`;

/** Duration in seconds below which a share of the answers stays, by the values of a label or for all. */
export const latencyQuantile = (scope: HttpScope, quantile: number, by?: string) =>
  `histogram_quantile(${quantile}, sum by (${by ? `${by}, ` : ''}le) (${durations(scope, 'bucket')}))`;

/** How many requests are being answered at a time, on average, by instance: arrivals times duration (Little's law). */
export const inProgress = (scope: HttpScope) => `sum by (instance) (${durations(scope, 'sum')})`;

/** An answer within this time satisfies, one within four times of it is tolerated; both are bounds of the histogram. */
export const APDEX_TARGET_SECONDS = 0.25;

/**
 * Apdex, 0..1: the satisfied and half of the tolerated among all answers; failed ones (5xx) never satisfy.
 * @see https://prometheus.io/docs/practices/histograms/#apdex-score
 */
export const apdex = (scope: HttpScope) => {
  const within = (seconds: number) =>
    `sum(${durations(scope, 'bucket', `le=~"${bound(seconds)}",http_response_status_code!~"5.."`)})`;
  return (
    `(${within(APDEX_TARGET_SECONDS)} + ${within(4 * APDEX_TARGET_SECONDS)}) / 2 / ` +
    `(sum(${durations(scope, 'count')}) > 0)`
  );
};

/** A bound as label `le` has it: whole ones are written `1.0` when scraped, `1` when pushed. */
function bound(seconds: number): string {
  return `${seconds}`.replace('.', '\\\\.') + (Number.isInteger(seconds) ? '(\\\\.0)?' : '');
}

const spans = (service: string) => `service_name="${service}",span_kind="SPAN_KIND_SERVER"`;

/**
 * Carries the exemplars of requests slower than a bound of the histogram in seconds, and no samples of its own: the tail
 * sampler keeps every one of these traces, so that each dot leads to a trace, which few of the quicker ones would.
 */
export function slowExemplars(service: string, boundSeconds: number): string {
  const bounds = HTTP_DURATION_BOUNDS_SECONDS.filter((other) => other > boundSeconds)
    .map(bound)
    .concat('\\\\+Inf');
  return `${METRICS.spanDuration}_bucket{${spans(service)},le=~"${bounds.join('|')}"} < 0`;
}

/** Carries the exemplars of failed requests, and no samples of its own. */
export const failedExemplars = (service: string) =>
  `${METRICS.spanCalls}{${spans(service)},status_code="STATUS_CODE_ERROR"} < 0`;
