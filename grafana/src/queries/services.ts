import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import {
  EVERY,
  FAILED,
  requestFailedShare,
  requestRate,
  requestRates,
  requestsAnsweredWithin,
  SERVICE,
  type ServiceScope,
} from '@aiops-sre/conventions/queries/requests.ts';
import { ENTRY_SPANS } from '@aiops-sre/conventions/semantic-attributes.ts';
import { SERIES } from '@aiops-sre/conventions/slo-series.ts';
import { state } from './slo.ts';

export { EVERY, type ServiceScope } from '@aiops-sre/conventions/queries/requests.ts';

const RATE = '$__rate_interval';
export const CHOSEN: ServiceScope = `${SERVICE}="$service"`;

/** Requests a second that services answer, messages included, by labels. */
export const rate = (scope: ServiceScope, by = SERVICE) => requestRate(scope, RATE, by);
/** Share of them that failed, 0..1: 0 where none did, absent without requests. */
export const failedShare = (scope: ServiceScope, by = SERVICE) => requestFailedShare(scope, RATE, by);
/** Seconds in which a share of them was answered. */
export const answeredWithin = (scope: ServiceScope, quantile: number, by = SERVICE) =>
  requestsAnsweredWithin(scope, RATE, quantile, by);
/** The same of 95 % of them and every service, by minutes: recorded, as of hundreds of services it takes seconds to compute over an hour. */
export const answeredOverTime = METRICS.serviceAnsweredWithin;

export const count = `count(${rate(EVERY)})`;
/** Of all requests of all services, 0..1. */
export const failedShareOfAll = `(sum(${requestRates(EVERY, RATE, FAILED)}) or vector(0)) / (sum(${requestRates(EVERY, RATE)}) > 0)`;
/** How many services fail more than one request in a hundred. */
export const failing = `sum(${failedShare(EVERY)} > bool 0.01)`;
/** How many services are too new for the detector to judge them. */
export const learning = 'sum(anomaly_detector_service_learning_seconds > bool 0)';

const named = (expression: string, from: string, pattern = '(.+)') =>
  `label_replace(${expression}, "${SERVICE}", "$1", "${from}", "${pattern}")`;
/** What is told over OTLP has the service in its job, after a slash. */
const JOB = '(?:.*/)?(.+)';

/** Value of {@link sloState} for a service without an SLO. */
export const NO_SLO = -1;
/** The worst state of a service's SLOs, of the services that send spans. */
export const sloState = (scope: ServiceScope) =>
  `(max by (${SERVICE}) (${named(state(''), 'service')}) and on (${SERVICE}) ${rate(scope)}) or ${NO_SLO} + 0 * ${rate(scope)}`;
/** The least share of an error budget that is left, of all SLOs of the chosen service. */
export const leastBudget = `min(${SERIES.budgetRemaining}{service="$service"})`;
/** Anomalies that last, by service, of the services that send spans: 0 where none does. */
export const anomalies = (scope: ServiceScope) =>
  `(sum by (${SERVICE}) (${named(METRICS.anomalyActive, 'service')}) and on (${SERVICE}) ${rate(scope)}) or 0 * ${rate(scope)}`;

/**
 * How busy the processes of a service are, 0..1, where one of these is known: the event loop of Node.js, the processor time
 * of the JVM's or of any other process by OpenTelemetry's conventions, or that of a scraped process.
 */
export const saturation = (scope: ServiceScope) => {
  const told = [
    'nodejs_eventloop_utilization_ratio',
    'jvm_cpu_recent_utilization_ratio',
    'process_cpu_utilization_ratio',
  ];
  const known = `{__name__=~"${told.join('|')}",job!=""}`;
  const scraped = `rate(process_cpu_seconds_total{service!=""}[${RATE}])`;
  return `(max by (${SERVICE}) (${named(known, 'job', JOB)}) or max by (${SERVICE}) (${named(scraped, 'service')})) and on (${SERVICE}) ${rate(scope)}`;
};

/** Of one service by what it was asked: spans of the Collector's span metrics. */
const operations = (more = '') =>
  `rate(${METRICS.spanCalls}{${[CHOSEN, ENTRY_SPANS, more].filter(Boolean).join(',')}}[${RATE}])`;
const OPERATION = 'span_name';
export const operationRate = (by = OPERATION) => `sum by (${by}) (${operations()})`;
export const operationFailedShare = (by = OPERATION) =>
  `(sum by (${by}) (${operations(FAILED)}) or 0 * ${operationRate(by)}) / (${operationRate(by)} > 0)`;
export const operationWithin = (quantile: number, by = OPERATION) =>
  `histogram_quantile(${quantile}, sum by (${by}, le) (rate(${METRICS.spanDuration}_bucket{${CHOSEN},${ENTRY_SPANS}}[${RATE}]))) >= 0`;
/** Answers a second by status code of HTTP, or of RPC where that is what it speaks. */
export const answersByCode = `sum by (http_response_status_code) (${operations('http_response_status_code!=""')})`;

/** Calls to others: database, queue, RPC and HTTP, told apart by `system`. */
const CALL_LABELS = 'span_name, system';
const outgoing = (metric: string, more = '') =>
  `label_join(rate(${metric}{${CHOSEN},span_kind=~"SPAN_KIND_CLIENT|SPAN_KIND_PRODUCER"${more && `,${more}`}}[${RATE}]), "system", "", "db_system_name", "messaging_system", "rpc_system_name")`;
export const outgoingRate = `sum by (${CALL_LABELS}) (${outgoing(METRICS.spanCalls)})`;
export const outgoingFailedShare = `(sum by (${CALL_LABELS}) (${outgoing(METRICS.spanCalls, FAILED)}) or 0 * ${outgoingRate}) / (${outgoingRate} > 0)`;
export const outgoingWithin = (quantile: number) =>
  `histogram_quantile(${quantile}, sum by (${CALL_LABELS}, le) (${outgoing(`${METRICS.spanDuration}_bucket`)})) >= 0`;

const edges = (metric: string) =>
  `sum by (client, server) (rate(${metric}{client="$service"}[${RATE}])) or sum by (client, server) (rate(${metric}{server="$service"}[${RATE}]))`;
/** Calls a second from and to the chosen service. */
export const edgeRate = edges(METRICS.serviceGraphRequests);
export const edgeFailedShare = `((${edges(METRICS.serviceGraphFailed)}) or 0 * (${edgeRate})) / ((${edgeRate}) > 0)`;

/** Labels of what the service's processes tell over OTLP: its name is the end of their job. */
const told = `job=~"(.*/)?\${service:regex}"`;
/** Seconds in which 95 % of HTTP requests were answered by the service's own histogram, of today's or of the old conventions. */
export const ownHttpWithin = {
  current: `histogram_quantile(0.95, sum by (le, http_route) (rate(http_server_request_duration_seconds_bucket{${told}}[${RATE}]))) >= 0`,
  old: `histogram_quantile(0.95, sum by (le, http_route, http_target) (rate({__name__=~"http_server_duration_milliseconds_bucket|http_server_duration_bucket",${told}}[${RATE}]))) / 1000 >= 0`,
};
/** Bytes by instance, by whatever the runtime tells of its memory. */
export const memory = `sum by (instance) ({__name__=~"process_memory_usage_bytes|process_runtime_cpython_memory_bytes|jvm_memory_used_bytes|go_memory_used_bytes|v8js_memory_heap_used_bytes|dotnet_process_memory_working_set_bytes",${told}}) or sum by (instance) (process_resident_memory_bytes{service="$service"})`;
export const busyByInstance = `max by (instance) ({__name__=~"nodejs_eventloop_utilization_ratio|jvm_cpu_recent_utilization_ratio|process_cpu_utilization_ratio",${told}}) or sum by (instance) (rate(process_cpu_seconds_total{service="$service"}[${RATE}]))`;

/** TraceQL of requests to the service, also of those without a kind, the newest first. */
const ENTRY = 'kind = server || kind = consumer || kind = unspecified';
export const slowTraces = (slower: string) =>
  `{ resource.service.name = "$service" && (${ENTRY}) && duration > ${slower} } with (most_recent = true)`;
export const failedTraces = `{ resource.service.name = "$service" && status = error } with (most_recent = true)`;

/** Exemplars of slow and of failed requests, and no samples of their own. */
export const slowExemplars = `${METRICS.spanDuration}_bucket{${CHOSEN},${ENTRY_SPANS},le=~"1|1.0|2.5|5|5.0|7.5|10|10.0|\\\\+Inf"} < 0`;
export const failedExemplars = `${METRICS.spanCalls}{${CHOSEN},${ENTRY_SPANS},${FAILED}} < 0`;
