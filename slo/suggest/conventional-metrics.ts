import { METRICS } from '@aiops-sre/conventions/metric-names.ts';

/**
 * What services tell by OpenTelemetry's conventions, old and new, without a label `service`: where it is there its meaning is
 * known before the first failure. Best first.
 */
export interface ConventionalMetric {
  /** Counter of requests, or a histogram's `_count`. */
  readonly counter: string;
  /** Matcher of those that failed. */
  readonly bad: string;
  /** Histogram with `_bucket`. */
  readonly histogram: string;
  /** Of its bounds: a second has so many. */
  readonly unitsASecond: 1 | 1000;
  /** Whether its series are of spans, each of a kind. */
  readonly ofSpans: boolean;
}

/** What gRPC calls a failure of the server. @see https://opentelemetry.io/docs/specs/semconv/rpc/grpc/ */
const GRPC_FAILURES = '2|4|12|13|14|15';

export const CONVENTIONAL_METRICS: readonly ConventionalMetric[] = [
  {
    counter: METRICS.serviceCalls,
    bad: 'status_code="STATUS_CODE_ERROR"',
    histogram: `${METRICS.serviceDuration}_bucket`,
    unitsASecond: 1,
    ofSpans: true,
  },
  {
    counter: 'http_server_request_duration_seconds_count',
    bad: 'http_response_status_code=~"5.."',
    histogram: 'http_server_request_duration_seconds_bucket',
    unitsASecond: 1,
    ofSpans: false,
  },
  {
    counter: 'http_server_duration_milliseconds_count',
    bad: 'http_status_code=~"5.."',
    histogram: 'http_server_duration_milliseconds_bucket',
    unitsASecond: 1000,
    ofSpans: false,
  },
  {
    counter: 'rpc_server_duration_milliseconds_count',
    bad: `rpc_grpc_status_code=~"${GRPC_FAILURES}"`,
    histogram: 'rpc_server_duration_milliseconds_bucket',
    unitsASecond: 1000,
    ofSpans: false,
  },
];

/** Kinds of spans that are a service's requests: those it serves, else those that do not say, else those it makes. */
const KINDS = [
  ['SPAN_KIND_SERVER', 'SPAN_KIND_CONSUMER'],
  ['SPAN_KIND_UNSPECIFIED'],
  ['SPAN_KIND_CLIENT', 'SPAN_KIND_PRODUCER'],
];

/** Matcher of the spans that are requests, of the kinds that there are. */
export function kindMatcher(kinds: ReadonlySet<string>): string {
  const chosen = KINDS.find((some) => some.some((kind) => kinds.has(kind))) ?? KINDS[0]!;
  return `span_kind=~"${chosen.join('|')}"`;
}
