import { STOREFRONT_LATENCY_OBJECTIVE_SECONDS } from '@aiops-sre/conventions/metric-names.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { type Difference, differences } from './comparison/compare.ts';
import { type ExactCounts, exactCounts } from './comparison/exact-counts.ts';
import { factRank } from './comparison/fact-rank.ts';
import { ENTRY_CONDITION } from './data-sources/entry-condition.ts';
import type { Tempo } from './data-sources/tempo.ts';
import { slices, type TimeRange } from './data-sources/time-range.ts';
import { type Condition, holdsFor, traceqlOf } from './filters/where.ts';
import { type ProbeChecks, probeChecks } from './probe-checks.ts';
import { type FoundPattern, patternsIn, type TimeShare, timeShares } from './slow-spans/where-time-goes.ts';
import { type FirstError, firstErrors } from './traces/first-errors.ts';
import { durationMs, requestsOf, type TracedRequest } from './traces/requests.ts';
import { type WaterfallLine, waterfall } from './traces/waterfall.ts';

export interface DiagnoseOptions {
  readonly tempo: Tempo;
  readonly prometheus: PrometheusClient;
  /** `service.name` of the service whose requests are compared. */
  readonly service: string;
  readonly range: TimeRange;
  /** Requests that take longer are slow; the storefront's latency objective where left out. */
  readonly slowerThanSeconds?: number;
  /** Only requests for which these hold. Span metrics do not know them, so that then nothing is counted exactly. */
  readonly where?: readonly Condition[];
  /** Most traces to read of each of the three groups. */
  readonly tracesPerGroup?: number;
}

/** What is to be said about the failing or about the slow requests. */
export interface Finding {
  /** True numbers in the range, before sampling; undefined where no metric has them. */
  readonly counted?: { readonly bad: number; readonly all: number };
  /** How many traced requests were compared. */
  readonly compared: { readonly bad: number; readonly rest: number };
  readonly differences: readonly Difference[];
  /** How they ended, by number of traced requests: `502 fulfillment failed the document`. */
  readonly outcomes: readonly { readonly outcome: string; readonly requests: number }[];
  /** Where failing began, of those that failed. */
  readonly firstErrors: readonly FirstError[];
  readonly patterns: readonly FoundPattern[];
  /** Where their time goes, of the slow ones. */
  readonly timeShares: readonly TimeShare[];
  /** The one to read first. */
  readonly exampleTraceId?: string;
  /** Its spans. */
  readonly example?: readonly WaterfallLine[];
}

export interface Diagnosis {
  readonly service: string;
  readonly range: TimeRange;
  readonly slowerThanSeconds: number;
  readonly failing: Finding;
  readonly slow: Finding;
  /** What checks from outside found; undefined where there are none. */
  readonly probe?: ProbeChecks;
  /** Among the requests that are neither. */
  readonly restPatterns: readonly FoundPattern[];
}

/** The groups' traces are taken from all over the range, so that its end does not speak for all of it. */
const SLICES = 6;
const EXAMPLE_LINES = 30;

/** Compares the failing and the slow requests of a service with the rest, by everything that their traces say. */
export async function diagnose(options: DiagnoseOptions): Promise<Diagnosis> {
  const { service, range, slowerThanSeconds = STOREFRONT_LATENCY_OBJECTIVE_SECONDS } = options;
  const isFailing = ({ span }: TracedRequest) => span.failed;
  const isSlow = (request: TracedRequest) => durationMs(request) > slowerThanSeconds * 1000;
  const limit = `${Math.round(slowerThanSeconds * 1e6)}us`;
  const requests = await tracedRequests(options, [
    'status = error',
    `duration > ${limit}`,
    `status != error && duration <= ${limit}`,
  ]);
  const rest = requests.filter((request) => !isFailing(request) && !isSlow(request));
  const isFiltered = (options.where ?? []).length > 0;
  const [failed, slow, probe] = await Promise.all([
    isFiltered ? undefined : exactCounts({ ...options, bad: 'failed' }),
    isFiltered ? undefined : exactCounts({ ...options, bad: { slowerThanSeconds } }),
    probeChecks(options.prometheus, range),
  ]);
  return {
    service,
    range,
    slowerThanSeconds,
    failing: { ...finding(requests.filter(isFailing), rest, failed), timeShares: [] },
    // One that failed after a timeout is both; its failure says more.
    slow: finding(
      requests.filter((request) => isSlow(request) && !isFailing(request)),
      rest,
      slow,
    ),
    ...(probe && { probe }),
    restPatterns: patternsIn(rest),
  };
}

/** Requests of the service in the traces that match one of the conditions, each once. */
async function tracedRequests(
  { tempo, service, range, tracesPerGroup = 120, where = [] }: DiagnoseOptions,
  conditions: readonly string[],
): Promise<readonly TracedRequest[]> {
  const searches = conditions.flatMap((condition) =>
    slices(range, SLICES).map((slice) => ({ condition, slice })),
  );
  const found = await Promise.all(
    searches.map(({ condition, slice }) =>
      tempo.search(
        `{ resource.service.name = ${JSON.stringify(service)} && ${ENTRY_CONDITION} && ${condition}${traceqlOf(where)} }`,
        slice,
        Math.ceil(tracesPerGroup / SLICES),
      ),
    ),
  );
  const traceIds = [...new Set(found.flat())];
  const traces = await Promise.all(traceIds.map((id) => tempo.trace(id)));
  return traces
    .flatMap((trace) => (trace ? requestsOf(trace, service) : []))
    .filter(({ span }) => holdsFor(where, span));
}

function finding(
  bad: readonly TracedRequest[],
  rest: readonly TracedRequest[],
  exact: ExactCounts | undefined,
): Finding {
  const outcomes = [...Map.groupBy(bad, outcomeOf)].map(([outcome, { length }]) => ({
    outcome,
    requests: length,
  }));
  const found = bad.length > 0 ? differences({ bad, rest, ...(exact && { exact }), rank: factRank }) : [];
  const example = exampleOf(bad, found[0]);
  return {
    ...(exact && {
      counted: { bad: Math.round(exact.total.bad), all: Math.round(exact.total.bad + exact.total.rest) },
    }),
    compared: { bad: bad.length, rest: rest.length },
    differences: found,
    outcomes: outcomes.toSorted((one, other) => other.requests - one.requests),
    firstErrors: firstErrors(bad.filter(({ span }) => span.failed)),
    patterns: patternsIn(bad),
    timeShares: timeShares(bad),
    ...(example && { exampleTraceId: example.traceId, example: waterfall(example, EXAMPLE_LINES) }),
  };
}

function outcomeOf({ span }: TracedRequest): string {
  const { kind, attributes, statusMessage } = span;
  const code =
    attributes['http.response.status_code'] ??
    attributes['rpc.response.status_code'] ??
    attributes['error.type'] ??
    (kind === 'server' ? 'no answer' : 'failed');
  return [code, attributes['error.message'] ?? statusMessage].filter(Boolean).join(' ');
}

/** The newest that has what stands out most. */
function exampleOf(bad: readonly TracedRequest[], first: Difference | undefined): TracedRequest | undefined {
  const newestFirst = bad.toSorted((one, other) => other.span.startMs - one.span.startMs);
  return newestFirst.find(({ facts }) => first && facts.has(first.fact)) ?? newestFirst[0];
}
