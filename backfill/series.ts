import {
  HTTP_DURATION_BOUNDS_SECONDS,
  METRICS,
  STOREFRONT_LATENCY_OBJECTIVE_SECONDS,
} from '@aiops-sre/conventions/metric-names.ts';
import { CHECKOUT_PROBE } from '@aiops-sre/conventions/probe.ts';
import {
  CHECKOUT_ENDS,
  CHECKOUT_STEPS,
  FULFILLMENT_INSTANCES,
  SERVICE_NAMESPACE,
} from '@aiops-sre/conventions/services.ts';
import { ROUTE_MIX } from '@aiops-sre/demo-app/traffic/route-mix.ts';
import { seriesName } from './open-metrics.ts';
import type { Minute, RouteMinute } from './past.ts';

/** A counter of the past; minutes must come in order. */
export interface CountedSeries {
  /** As the text formats write it. */
  readonly name: string;
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What it counts in one minute. */
  readonly events: (minute: Minute) => number;
  /** Its value at the end of the last minute. */
  readonly total: number;
  advance(minute: Minute): void;
}

function counter(
  metric: string,
  labels: Readonly<Record<string, string>>,
  events: (minute: Minute) => number,
): CountedSeries {
  let total = 0;
  return {
    name: seriesName(metric, labels),
    metric,
    labels,
    events,
    get total() {
      return total;
    },
    advance: (minute) => {
      total += events(minute);
    },
  };
}

const CHECKOUT = { job: 'demo-app', service: 'checkout', instance: 'checkout-1' };

/** Times that a charge is tried. */
const CHARGED_BEFORE_GIVEN_UP = 9;

/** The counters that carry the SLIs, with the labels the scrape gives the live ones. */
export function counters(): readonly CountedSeries[] {
  const storefront = { job: 'demo-app', service: 'storefront', instance: 'storefront-1' };
  const classes: readonly [string, keyof RouteMinute][] = [
    ['2xx', 'good'],
    ['4xx', 'refused'],
    ['5xx', 'failed'],
  ];
  const requests = ROUTE_MIX.flatMap(({ method, route }, index) =>
    classes.map(([status_class, field]) =>
      counter(
        METRICS.httpRequests,
        { ...storefront, method, route, status_class },
        ({ routes }) => routes[index]?.[field] ?? 0,
      ),
    ),
  );
  const documents = FULFILLMENT_INSTANCES.flatMap(({ instance }, index) =>
    (['processed', 'failed'] as const).map((document_status) =>
      counter(
        METRICS.fulfillmentDocuments,
        { job: 'demo-app', service: 'fulfillment', instance, document_status },
        ({ documents: all }) => all[index]?.[document_status] ?? 0,
      ),
    ),
  );
  const traffic = { job: 'demo-app', service: 'traffic', instance: 'traffic-1', probe: CHECKOUT_PROBE.name };
  const checks = [
    counter(METRICS.probeChecks, { ...traffic, result: 'success' }, ({ probe }) => probe.succeeded),
    counter(METRICS.probeChecks, { ...traffic, result: 'failure' }, ({ probe }) => probe.failed),
  ];
  const checkouts = [
    ...CHECKOUT_ENDS.map(({ state, reason }) =>
      counter(METRICS.checkoutOrders, { ...CHECKOUT, state, reason }, ({ checkouts: all }) => all[reason]),
    ),
    counter(
      METRICS.checkoutFreshness,
      { ...CHECKOUT, state: 'fresh' },
      ({ staleSeconds }) => 60 - staleSeconds,
    ),
    counter(METRICS.checkoutFreshness, { ...CHECKOUT, state: 'stale' }, ({ staleSeconds }) => staleSeconds),
  ];
  const payments = { job: 'demo-app', service: 'payments', instance: 'payments-1' };
  const provider = { ...payments, method: 'POST', route: '/charges' };
  const charges = [
    counter(
      METRICS.httpRequests,
      { ...provider, status_class: '2xx' },
      ({ checkouts: all }) => all.none + all.payment_declined,
    ),
    counter(
      METRICS.httpRequests,
      { ...provider, status_class: '5xx' },
      ({ checkouts: all }) => CHARGED_BEFORE_GIVEN_UP * all.gave_up,
    ),
  ];
  return [...requests, ...documents, ...checks, ...checkouts, ...charges];
}

/** Share of the requests that are not slow which took at most each bound; a service that answers within 5 to 50 ms. */
const FAST_SHARES = [0.35, 0.75, 0.94, 0.98, 0.99, 0.995, 0.999, 1] as const;

/** The storefront's duration histogram as OpenTelemetry's HTTP instrumentation exports it. */
export function latencyHistograms(): readonly CountedSeries[] {
  return ROUTE_MIX.flatMap(({ goodStatus, badStatus, badShare, ...entry }, index) => [
    ...latencyHistogram(entry, goodStatus, ({ routes }) => ({
      all: routes[index]?.good ?? 0,
      slow: routes[index]?.slow ?? 0,
    })),
    ...(badShare > 0
      ? latencyHistogram(entry, badStatus, ({ routes }) => ({ all: routes[index]?.refused ?? 0, slow: 0 }))
      : []),
  ]);
}

/** The durations of failed requests, which SLOs count; so few that nobody draws them: they are not written. */
export function failureHistograms(): readonly CountedSeries[] {
  return ROUTE_MIX.flatMap((entry, index) =>
    latencyHistogram(entry, 500, ({ routes }) => ({ all: routes[index]?.failed ?? 0, slow: 0 })),
  );
}

function latencyHistogram(
  { method, route }: { readonly method: string; readonly route: string },
  status: number,
  requests: (minute: Minute) => { readonly all: number; readonly slow: number },
): readonly CountedSeries[] {
  const labels = {
    job: `${SERVICE_NAMESPACE}/storefront`,
    instance: 'storefront-1',
    http_request_method: method,
    http_response_status_code: String(status),
    http_route: route,
    network_protocol_version: '1.1',
    url_scheme: 'http',
  };
  const name = METRICS.httpServerDuration;
  const buckets = HTTP_DURATION_BOUNDS_SECONDS.map((bound, position) =>
    counter(`${name}_bucket`, { ...labels, le: boundText(bound) }, (minute) => {
      const { all, slow } = requests(minute);
      // Slow ones took up to 2.5 s: between the objective and that bound they count for half.
      const slowShare = bound <= STOREFRONT_LATENCY_OBJECTIVE_SECONDS ? 0 : bound < 2.5 ? 0.5 : 1;
      return Math.round((all - slow) * (FAST_SHARES[position] ?? 1)) + Math.round(slow * slowShare);
    }),
  );
  return [
    ...buckets,
    ...histogramEnds(name, labels, {
      count: (minute) => requests(minute).all,
      seconds: (minute) => {
        const { all, slow } = requests(minute);
        return (all - slow) * 0.012 + slow * 0.9;
      },
    }),
  ];
}

/** Share of a checkout's steps that took at most each bound, in seconds. */
const STEP_SHARES = [
  [0.01, 0.1],
  [0.025, 0.4],
  [0.05, 0.8],
  [0.1, 0.97],
  [0.25, 0.995],
  [0.5, 1],
  [1, 1],
  [2.5, 1],
  [5, 1],
  [10, 1],
] as const;

/** How long the steps of checkouts took. */
export function stepHistograms(): readonly CountedSeries[] {
  const name = METRICS.checkoutStepDuration;
  const done = ({ checkouts }: Minute) => Object.values(checkouts).reduce((sum, each) => sum + each, 0);
  return CHECKOUT_STEPS.flatMap((step) => {
    const labels = { ...CHECKOUT, step };
    return [
      ...STEP_SHARES.map(([bound, share]) =>
        counter(`${name}_bucket`, { ...labels, le: boundText(bound) }, (minute) =>
          Math.round(done(minute) * share),
        ),
      ),
      ...histogramEnds(name, labels, { count: done, seconds: (minute) => done(minute) * 0.04 }),
    ];
  });
}

/** What a histogram has beside the buckets with a bound. */
function histogramEnds(
  name: string,
  labels: Readonly<Record<string, string>>,
  of: { readonly count: (minute: Minute) => number; readonly seconds: (minute: Minute) => number },
): readonly CountedSeries[] {
  return [
    counter(`${name}_bucket`, { ...labels, le: '+Inf' }, of.count),
    counter(`${name}_count`, labels, of.count),
    counter(`${name}_sum`, labels, of.seconds),
  ];
}

/** As prom-client and the Collector write a bound: whole ones with a fraction, as OpenMetrics asks. */
const boundText = (bound: number) => (bound % 1 === 0 ? bound.toFixed(1) : String(bound));
