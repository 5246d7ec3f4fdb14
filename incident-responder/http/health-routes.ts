import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { Router } from 'express';
import { Gauge, type Registry } from 'prom-client';
import type { Watchdog } from '../intake/watchdog.ts';

export interface HealthRoutesOptions {
  readonly watchdog: Watchdog;
  readonly registry: Registry;
  /** Throws if the database can't be read. */
  readonly checkStore: () => void;
  /** What keeps the data folder from being written, if anything. */
  readonly checkDisk: () => Promise<string | undefined>;
}

/**
 * `GET /healthz`: the process answers; restart it if not. `GET /readyz`: it can do its work, and the chain of Prometheus
 * and Alertmanager before it does too; a restart of this process would not mend the latter. `GET /metrics`.
 */
export function healthRoutes({ watchdog, registry, checkStore, checkDisk }: HealthRoutesOptions): Router {
  const router = Router();

  /** What keeps this process from its work, the Watchdog left out. */
  async function problems(): Promise<readonly string[]> {
    const diskProblem = await checkDisk();
    const ofDisk = diskProblem === undefined ? [] : [diskProblem];
    try {
      checkStore();
      return ofDisk;
    } catch {
      return ['the database cannot be read', ...ofDisk];
    }
  }
  new Gauge({
    name: METRICS.responderReady,
    help: '1 while the responder can store what it is told',
    registers: [registry],
    async collect() {
      this.set((await problems()).length === 0 ? 1 : 0);
    },
  });

  router.get('/healthz', (_request, response) => {
    response.type('text').send('ok\n');
  });

  router.get('/readyz', async (_request, response) => {
    const { lastHeardAtMs, ageSeconds, silent } = watchdog.state();
    const reasons = [
      ...(silent ? [`the Watchdog was not heard for ${Math.round(ageSeconds)} s`] : []),
      ...(await problems()),
    ];
    response.status(reasons.length === 0 ? 200 : 503).json({
      ready: reasons.length === 0,
      reasons,
      watchdog: {
        lastHeardAt: lastHeardAtMs === null ? null : new Date(lastHeardAtMs).toISOString(),
        ageSeconds,
        silent,
      },
    });
  });

  router.get('/metrics', async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  });

  return router;
}
