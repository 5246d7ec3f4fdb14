import { CHECKOUT_PROBE } from '@aiops-sre/conventions/probe.ts';
import { type CHECKOUT_ENDS, FAILURE_CYCLE, FULFILLMENT_INSTANCES } from '@aiops-sre/conventions/services.ts';
import { ROUTE_MIX } from '@aiops-sre/demo-app/traffic/route-mix.ts';
import { relativeRate } from '@aiops-sre/demo-app/traffic/shape.ts';
import { seededRandom } from '@aiops-sre/service-kit/random/seeded-random.ts';
import { poisson } from './poisson.ts';

/** What happened in one minute, in events of that minute alone. */
export interface Minute {
  /** End of the minute, Unix seconds. */
  readonly endSeconds: number;
  /** By entry of {@link ROUTE_MIX}. */
  readonly routes: readonly RouteMinute[];
  /** By entry of {@link FULFILLMENT_INSTANCES}. */
  readonly documents: readonly { readonly processed: number; readonly failed: number }[];
  /** Orders that ended, by the reason that the live ones are counted with. */
  readonly checkouts: Readonly<Record<(typeof CHECKOUT_ENDS)[number]['reason'], number>>;
  /** Of the minute, the part in which some job was older than the objective. */
  readonly staleSeconds: number;
  /** Checks from outside. */
  readonly probe: { readonly succeeded: number; readonly failed: number };
}

export interface RouteMinute {
  readonly good: number;
  /** Bad requests, answered with 4xx. */
  readonly refused: number;
  /** Answered with 5xx. */
  readonly failed: number;
  /** Of `good`, those over the latency objective. */
  readonly slow: number;
}

const DAY_SECONDS = 86_400;

/** Share of requests that fail, and that are slow, when nothing is wrong. */
const BASELINE = { failed: 0.000_05, slow: 0.004 } as const;

/** Share of amounts that the payment provider declines. */
const DECLINED = 0.01;

/** Checks from outside in a minute, and the requests that each makes. */
const CHECKS = 60 / CHECKOUT_PROBE.everySeconds;
const CHECKED: Readonly<Record<string, number>> = { 'POST /api/checkouts': 1, 'GET /api/orders/:id': 2 };

/** Incidents of the past, so that a burn-down has something to show; none in the last three days, where alerts look. */
const INCIDENTS = [
  { daysAgo: 24.3, minutes: 35, failed: 0.05, slow: 0.1 },
  { daysAgo: 17.8, minutes: 50, failed: 0.004, slow: 0.45 },
  { daysAgo: 9.6, minutes: 12, failed: 0.12, slow: 0.2 },
] as const;

function ratesAt(endSeconds: number, untilSeconds: number): { failed: number; slow: number } {
  const incident = INCIDENTS.find(({ daysAgo, minutes }) => {
    const begin = untilSeconds - daysAgo * DAY_SECONDS;
    return endSeconds >= begin && endSeconds < begin + minutes * 60;
  });
  return incident ?? BASELINE;
}

/** Share of documents an instance fails in the minute that ends at `endSeconds`, as the live ones do. */
function failureFactor(instance: (typeof FULFILLMENT_INSTANCES)[number], endSeconds: number): number {
  const failing = !instance.cycles || endSeconds % FAILURE_CYCLE.periodSeconds < FAILURE_CYCLE.failingSeconds;
  return failing ? instance.failureFactor : 0;
}

/**
 * The demo application's past, minute by minute: the traffic generator's own daily and weekly shape and mix of routes,
 * with Poisson noise, few errors and a few incidents, and the checks from outside. The same for the same arguments.
 */
export function* past(options: {
  readonly fromSeconds: number;
  readonly untilSeconds: number;
  /** Mean over a week. */
  readonly requestsPerSecond: number;
  /** IANA name; whose days and weeks the shape follows. */
  readonly timeZone: string;
}): Generator<Minute> {
  const { fromSeconds, untilSeconds, requestsPerSecond, timeZone } = options;
  const random = seededRandom(20_261_121);
  const chance = seededRandom(20_261_128);
  for (let endSeconds = fromSeconds + 60; endSeconds <= untilSeconds; endSeconds += 60) {
    const expected = 60 * requestsPerSecond * relativeRate((endSeconds - 30) * 1000, timeZone);
    const { failed, slow } = ratesAt(endSeconds, untilSeconds);
    const checksFailed = Math.min(CHECKS, poisson(CHECKS * failed, chance));
    const probe = { succeeded: CHECKS - checksFailed, failed: checksFailed };
    const routes = ROUTE_MIX.map(({ method, route, share, badShare }) => {
      const mean = expected * share;
      const checked = (CHECKED[`${method} ${route}`] ?? 0) * probe.succeeded;
      const good = poisson(mean * (1 - badShare - failed), random) + checked;
      return {
        good,
        refused: poisson(mean * badShare, random),
        failed: poisson(mean * failed, random),
        slow: Math.min(good, poisson(mean * slow, random)),
      };
    });
    const goodOf = (wanted: string) =>
      routes[ROUTE_MIX.findIndex(({ route }) => route === wanted)]?.good ?? 0;
    const ended = goodOf('/api/checkouts');
    const declined = Math.min(ended, poisson(ended * DECLINED, chance));
    // What fails for a while is tried again: few orders are given up, but they take longer.
    const gaveUp = Math.min(ended - declined, poisson((ended * failed) / 10, chance));
    const checkouts = {
      none: ended - declined - gaveUp,
      payment_declined: declined,
      out_of_stock: 0,
      gave_up: gaveUp,
    };
    const staleSeconds = failed > 0.1 ? 40 : 0;
    // Every fulfilled order has an invoice.
    const perInstance = (goodOf('/api/documents') + checkouts.none) / FULFILLMENT_INSTANCES.length;
    const documents = FULFILLMENT_INSTANCES.map((instance) => {
      const share = failureFactor(instance, endSeconds);
      return {
        processed: poisson(perInstance * (1 - share), random),
        failed: poisson(perInstance * share, random),
      };
    });
    yield { endSeconds, routes, documents, probe, checkouts, staleSeconds };
  }
}
