import { HTTP_DURATION_BOUNDS_SECONDS, METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { SERVICE_NAMESPACE } from '@aiops-sre/conventions/services.ts';

const RATE = '$__rate_interval';
const counted = (service: string, matchers = '') =>
  `rate(${METRICS.httpRequests}{service="${service}"${matchers && `,${matchers}`}}[${RATE}])`;

/** Requests a second by route. `service` may be a dashboard variable. */
export const requestRate = (service: string) => `sum by (route) (${counted(service)})`;

/** Failed requests (5xx) a second by route. */
export const failureRate = (service: string) => `sum by (route) (${counted(service, 'status_class="5xx"')})`;

/** Share of requests that fail by route, 0..1; absent for a route without requests. */
export const failureRatio = (service: string) => `${failureRate(service)} / (${requestRate(service)} > 0)`;

/** Share of all requests that fail, 0..1. */
export const overallFailureRatio = (service: string) =>
  `sum(${counted(service, 'status_class="5xx"')}) / (sum(${counted(service)}) > 0)`;

/** Duration in seconds below which a share of the answers stays. */
export const latencyQuantile = (service: string, quantile: number) =>
  `histogram_quantile(${quantile}, sum by (le) (rate(` +
  `${METRICS.httpServerDuration}_bucket{job="${SERVICE_NAMESPACE}/${service}"}[${RATE}])))`;

const spans = (service: string) => `service_name="${service}",span_kind="SPAN_KIND_SERVER"`;

/**
 * Carries the exemplars of requests slower than `bound` seconds, and no samples of its own: the tail sampler keeps every
 * one of these traces, so that each dot leads to a trace, which few of the quicker ones would.
 */
export function slowExemplars(service: string, bound: number): string {
  const bounds = HTTP_DURATION_BOUNDS_SECONDS.filter((other) => other > bound)
    .map((other) => `${other}`.replace('.', '\\\\.') + (Number.isInteger(other) ? '(\\\\.0)?' : ''))
    .concat('\\\\+Inf');
  return `${METRICS.spanDuration}_bucket{${spans(service)},le=~"${bounds.join('|')}"} < 0`;
}

/** Carries the exemplars of failed requests, and no samples of its own. */
export const failedExemplars = (service: string) =>
  `${METRICS.spanCalls}{${spans(service)},status_code="STATUS_CODE_ERROR"} < 0`;
