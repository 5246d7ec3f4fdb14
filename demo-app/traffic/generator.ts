import { randomUUID } from 'node:crypto';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import type { AxiosInstance } from 'axios';
import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import { failureOf } from '../http/json-client.ts';
import { startArrivals } from './arrivals.ts';
import { planRequest } from './planned-request.ts';
import { ROUTE_MIX } from './route-mix.ts';
import { visitorToken } from './visitors.ts';

/** Requests waiting for an answer at most; an arrival beyond that is dropped and counted. */
const MAX_IN_FLIGHT = 100;

/** How a request ended, as its sender saw it. */
const OUTCOMES = ['2xx', '3xx', '4xx', '5xx', 'no_answer'] as const;

/** Who was asked: the storefront that all know, or the new version on trial beside it. */
const ARMS = ['stable', 'canary'] as const;

interface GeneratorOptions {
  readonly storefront: AxiosInstance;
  /** The version on trial, and its share of all requests, 0..1, asked anew for each. Default: none. */
  readonly canary?: { readonly storefront: AxiosInstance; readonly share: () => Promise<number> };
  readonly registry: Registry;
  readonly logger: Logger;
  /** Requests per second right now. */
  readonly ratePerSecond: () => number | Promise<number>;
  /** @returns uniform in [0, 1) */
  readonly random: () => number;
}

/**
 * Sends the storefront what its visitors would, at the rate they would. A request that the canary does not answer has failed
 * for its visitor, and is not asked for again elsewhere.
 *
 * @returns a function that stops it
 */
export function startTraffic({
  storefront,
  canary,
  registry,
  logger,
  ratePerSecond,
  random,
}: GeneratorOptions): () => void {
  const sent = new Counter({
    name: METRICS.trafficRequests,
    help: 'Requests sent to the storefront, by route, by who was asked and by how they ended.',
    labelNames: ['method', 'route', 'arm', 'outcome'] as const,
    registers: [registry],
  });
  for (const { method, route } of ROUTE_MIX)
    for (const arm of canary ? ARMS : ARMS.slice(0, 1))
      for (const outcome of OUTCOMES) sent.inc({ method, route, arm, outcome }, 0);
  const dropped = new Counter({
    name: 'traffic_dropped_total',
    help: 'Arrivals that were not sent because too many requests were waiting for an answer.',
    registers: [registry],
  });
  const inFlight = new Gauge({
    name: 'traffic_requests_in_flight',
    help: 'Requests waiting for an answer.',
    registers: [registry],
  });
  const rate = new Gauge({
    name: 'traffic_rate_per_second',
    help: 'Rate of arrivals right now.',
    registers: [registry],
  });

  let waiting = 0;
  let unanswered = 0;
  async function send() {
    const { entry, path, body } = planRequest(random);
    waiting += 1;
    inFlight.set(waiting);
    const share = canary ? await canary.share() : 0;
    const asked = share > 0 && random() < share ? canary : undefined;
    const outcome = await (asked?.storefront ?? storefront)
      .request({
        method: entry.method,
        url: path,
        data: body,
        headers: {
          authorization: `Bearer ${visitorToken(random)}`,
          ...(body ? { 'Idempotency-Key': randomUUID() } : {}),
        },
      })
      .then(
        ({ status }) => {
          if (unanswered > 0) logger.info({ unanswered }, 'the storefront answers again');
          unanswered = 0;
          return `${Math.floor(status / 100)}xx` as (typeof OUTCOMES)[number];
        },
        (error: unknown) => {
          // One line per outage: the counter has the rest.
          if (unanswered === 0) logger.warn({ reason: failureOf(error) }, 'the storefront does not answer');
          unanswered += 1;
          return 'no_answer' as const;
        },
      );
    waiting -= 1;
    inFlight.set(waiting);
    sent.inc({ method: entry.method, route: entry.route, arm: asked ? 'canary' : 'stable', outcome });
  }

  return startArrivals({
    random,
    ratePerSecond: async () => {
      const current = await ratePerSecond();
      rate.set(current);
      return current;
    },
    onArrival: () => {
      if (waiting >= MAX_IN_FLIGHT) dropped.inc();
      else void send();
    },
  });
}
