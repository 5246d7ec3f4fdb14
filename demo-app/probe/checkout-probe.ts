import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { CHECKOUT_PROBE } from '@aiops-sre/conventions/probe.ts';
import type { AxiosInstance } from 'axios';
import type { Logger } from 'pino';
import { Counter, Histogram, type Registry } from 'prom-client';
import { SAMPLES } from '../storefront/catalogue.ts';
import { CheckFailedError, checkOut, STAGES } from './checkout.ts';

const PROBE = { probe: CHECKOUT_PROBE.name };
const RESULTS = ['success', 'failure'] as const;
const DURATION_BOUNDS_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

interface CheckoutProbeOptions {
  readonly storefront: AxiosInstance;
  readonly registry: Registry;
  readonly logger: Logger;
  /** @returns uniform in [0, 1) */
  readonly random: () => number;
  readonly everyMs?: number;
  /** A check that takes longer has failed. */
  readonly limitMs?: number;
}

/**
 * Buys something at regular times, whatever the visitors do, and counts whether it could: what the shop says of itself plays no
 * part in it. Checks begin on time also where earlier ones hang, so that an outage costs as many as it lasts.
 *
 * @returns a function that stops it; a check that is under way then is not counted
 */
export function startCheckoutProbe({
  storefront,
  registry,
  logger,
  random,
  everyMs = CHECKOUT_PROBE.everySeconds * 1000,
  limitMs = CHECKOUT_PROBE.limitSeconds * 1000,
}: CheckoutProbeOptions): () => void {
  const checks = new Counter({
    name: METRICS.probeChecks,
    help: 'Checks from outside, by how they ended.',
    labelNames: ['probe', 'result'] as const,
    registers: [registry],
  });
  for (const result of RESULTS) checks.inc({ ...PROBE, result }, 0);
  const failures = new Counter({
    name: METRICS.probeFailures,
    help: 'Checks from outside that failed, by where: the order was not taken, not found, or did not end well.',
    labelNames: ['probe', 'stage'] as const,
    registers: [registry],
  });
  for (const stage of STAGES) failures.inc({ ...PROBE, stage }, 0);
  const duration = new Histogram({
    name: METRICS.probeDuration,
    help: 'Seconds that checks from outside took, failed ones included.',
    labelNames: ['probe'] as const,
    buckets: DURATION_BOUNDS_SECONDS,
    registers: [registry],
  });
  duration.zero(PROBE);

  const stopped = new AbortController();
  async function check() {
    const startedAt = performance.now();
    const productId = `product-${1 + Math.floor(random() * SAMPLES.products)}`;
    const order = { userId: 'user-1', items: [{ productId, quantity: 1 }] };
    const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(limitMs)]);
    const failure = await checkOut({ storefront, order, signal }).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (stopped.signal.aborted) return;
    duration.observe(PROBE, (performance.now() - startedAt) / 1000);
    checks.inc({ ...PROBE, result: failure === undefined ? 'success' : 'failure' });
    if (failure === undefined) return;
    if (!(failure instanceof CheckFailedError)) throw failure;
    failures.inc({ ...PROBE, stage: failure.stage });
    logger.warn({ stage: failure.stage, reason: failure.message }, 'the checkout probe failed');
  }

  const timer = setInterval(() => void check(), everyMs);
  return () => {
    clearInterval(timer);
    stopped.abort();
  };
}
