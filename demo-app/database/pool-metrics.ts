import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import type { Pool } from 'pg';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { FAILURE_KINDS } from './database-error.ts';

/** Metrics of a process' pool of connections, all there from the start. */
export function createPoolMetrics(pool: Pool, name: string, registry: Registry) {
  const registers = [registry];
  const gauge = (metric: string, help: string, value: () => number) =>
    new Gauge({
      name: metric,
      help,
      labelNames: ['pool'] as const,
      registers,
      collect() {
        this.set({ pool: name }, value());
      },
    });
  new Gauge({
    name: METRICS.databasePoolConnections,
    help: 'Connections of the pool, by whether somebody uses them.',
    labelNames: ['pool', 'state'] as const,
    registers,
    collect() {
      this.set({ pool: name, state: 'used' }, pool.totalCount - pool.idleCount);
      this.set({ pool: name, state: 'idle' }, pool.idleCount);
    },
  });
  gauge(METRICS.databasePoolWaiters, 'Who waits for a connection.', () => pool.waitingCount);
  gauge(METRICS.databasePoolMax, 'Connections the pool may have.', () => pool.options.max);
  const wait = new Histogram({
    name: METRICS.databasePoolWait,
    help: 'Seconds from asking for a connection to having one, or to giving up.',
    labelNames: ['pool'] as const,
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2.5],
    registers,
  });
  wait.zero({ pool: name });
  const errors = new Counter({
    name: METRICS.databaseQueryErrors,
    help: 'Statements and connections that failed.',
    labelNames: ['kind'] as const,
    registers,
  });
  for (const kind of FAILURE_KINDS) errors.inc({ kind }, 0);
  return { wait: wait.labels({ pool: name }), errors };
}
