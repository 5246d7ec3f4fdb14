import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { CHECKOUT_ENDS, CHECKOUT_STEPS, type CheckoutStep } from '@aiops-sre/conventions/services.ts';
import type { Logger } from 'pino';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Job, Queue } from '../queue/queue.ts';
import type { checkoutSteps, End } from './steps.ts';

interface WorkerOptions {
  readonly queue: Queue;
  readonly steps: ReturnType<typeof checkoutSteps>;
  readonly registry: Registry;
  readonly logger: Logger;
}

/** Does the jobs of checkouts, with a log line for each and what there is to count. */
export function createWorker({ queue, steps, registry, logger }: WorkerOptions) {
  const orders = new Counter({
    name: METRICS.checkoutOrders,
    help: 'Checkouts that ended, by how and why. One that was given up and put back later counts twice.',
    labelNames: ['state', 'reason'] as const,
    registers: [registry],
  });
  for (const labels of CHECKOUT_ENDS) orders.inc(labels, 0);
  const duration = new Histogram({
    name: METRICS.checkoutStepDuration,
    help: 'Seconds that a step of a checkout took, failed or not.',
    labelNames: ['step'] as const,
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  for (const step of CHECKOUT_STEPS) duration.zero({ step });

  const count = (end: End | 'gave_up') =>
    orders.inc(
      end === 'fulfilled' ? { state: 'fulfilled', reason: 'none' } : { state: 'failed', reason: end },
    );

  async function work(step: CheckoutStep, { orderId, attempt, isLast }: Job): Promise<void> {
    const startedAt = performance.now();
    const event = (outcome: string) => ({
      event: 'job',
      step,
      order_id: orderId,
      attempt,
      outcome,
      duration_ms: Math.round((performance.now() - startedAt) * 100) / 100,
    });
    try {
      const end = await steps[step](orderId);
      if (end) count(end);
      logger.info(event(end ?? 'ok'), `${step} ended ${end ?? 'ok'}`);
    } catch (error) {
      const { message, cause } = error as Error;
      const outcome = isLast ? 'dead' : 'failed';
      if (isLast) count('gave_up');
      logger.error(
        { ...event(outcome), error: { message, ...(cause instanceof Error && { cause: cause.message }) } },
        `${step} ended ${outcome}: ${message}`,
      );
      throw error;
    } finally {
      duration.observe({ step }, (performance.now() - startedAt) / 1000);
    }
  }

  return {
    async start(): Promise<void> {
      for (const step of CHECKOUT_STEPS) await queue.work(step, (job) => work(step, job));
    },
  };
}
