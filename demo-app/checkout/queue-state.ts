import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { CHECKOUT_FRESH_SECONDS, CHECKOUT_STEPS, JOB_STATES } from '@aiops-sre/conventions/services.ts';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Database } from '../database/database.ts';
import { DEAD_LETTERS, QUEUE_SCHEMA } from '../queue/queue.ts';

const LOOK_EVERY_MS = 2_000;

/** Jobs that are not done, by the queue they came to first; ages count from when they came. */
const JOBS = `
  SELECT coalesce(source_name, name) AS queue,
    CASE WHEN name = '${DEAD_LETTERS}' THEN 'dead' WHEN state = 'created' THEN 'ready' ELSE state::text END AS state,
    count(*)::integer AS jobs,
    extract(epoch FROM now() - min(created_on))::float AS oldest
  FROM ${QUEUE_SCHEMA}.job
  WHERE state < 'completed'
  GROUP BY 1, 2`;

interface QueueStateOptions {
  readonly database: Pick<Database, 'execute'>;
  readonly registry: Registry;
}

/**
 * Looks at the queues again and again, and counts the seconds in which no job was older than the objective. What cannot be
 * looked at is not fresh.
 *
 * @returns a function that ends it
 */
export function watchQueues({ database, registry }: QueueStateOptions): () => void {
  const jobs = new Gauge({
    name: METRICS.checkoutQueueJobs,
    help: 'Jobs of checkouts that are not done; dead ones failed for good and wait for a person.',
    labelNames: ['queue', 'state'] as const,
    registers: [registry],
  });
  const oldest = new Gauge({
    name: METRICS.checkoutQueueOldest,
    help: 'Age in seconds of the oldest job that is not done and not dead.',
    labelNames: ['queue'] as const,
    registers: [registry],
  });
  const freshness = new Counter({
    name: METRICS.checkoutFreshness,
    help: `Seconds in which no job was older than ${CHECKOUT_FRESH_SECONDS} s (fresh), and the others (stale).`,
    labelNames: ['state'] as const,
    registers: [registry],
  });
  const zero = () => {
    for (const queue of CHECKOUT_STEPS) {
      oldest.set({ queue }, 0);
      for (const state of JOB_STATES) jobs.set({ queue, state }, 0);
    }
  };
  zero();
  for (const state of ['fresh', 'stale']) freshness.inc({ state }, 0);

  let lookedAt = performance.now();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    const isFresh = await read().catch(() => false);
    const now = performance.now();
    freshness.inc({ state: isFresh ? 'fresh' : 'stale' }, (now - lookedAt) / 1000);
    lookedAt = now;
    if (!stopped) timer = setTimeout(() => void look(), LOOK_EVERY_MS);
  }

  async function read(): Promise<boolean> {
    const { rows } = await database.execute(JOBS);
    zero();
    const ages = new Map<string, number>();
    for (const { queue, state, jobs: count, oldest: age } of rows) {
      if (!(CHECKOUT_STEPS as readonly string[]).includes(queue)) continue;
      jobs.set({ queue, state }, count);
      if (state !== 'dead') ages.set(queue, Math.max(age, ages.get(queue) ?? 0));
    }
    for (const [queue, age] of ages) oldest.set({ queue }, age);
    return [...ages.values()].every((age) => age <= CHECKOUT_FRESH_SECONDS);
  }

  void look();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
