import { METRICS, STATUS_CLASSES, UNMATCHED_ROUTE } from '@aiops-sre/conventions/metric-names.ts';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

export interface Route {
  readonly method: string;
  readonly route: string;
}

interface AppMetricsOptions {
  /** Every route whose requests are counted. The label sets are exactly these and {@link UNMATCHED}. */
  readonly routes: readonly Route[];
  readonly version: string;
  readonly revision: string;
  readonly environment: string;
}

/** A request that no route matched: any method, any path, one label set. */
export const UNMATCHED: Route = { method: 'other', route: UNMATCHED_ROUTE };

/**
 * The metrics every role has, in a registry of its own. Labels `service` and `instance` are added by the scrape.
 * Every series exists at 0 from the start: a counter that is born with its first error hides that error from `increase`.
 */
export function createAppMetrics({ routes, version, revision, environment }: AppMetricsOptions) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });

  const info = new Gauge({
    name: METRICS.demoAppInfo,
    help: 'Always 1; what is running, in the labels.',
    labelNames: ['version', 'revision', 'environment'] as const,
    registers: [registry],
  });
  info.set({ version, revision, environment }, 1);

  new Gauge({
    name: METRICS.demoTime,
    help: 'The clock of this process, Unix seconds.',
    registers: [registry],
    collect() {
      this.set(Date.now() / 1000);
    },
  });

  const requests = new Counter({
    name: METRICS.httpRequests,
    help: 'API requests by the class of their final status. A request its client gave up on is a 4xx.',
    labelNames: ['method', 'route', 'status_class'] as const,
    registers: [registry],
  });
  if (routes.length > 0)
    for (const { method, route } of [...routes, UNMATCHED])
      for (const status_class of STATUS_CLASSES) requests.inc({ method, route, status_class }, 0);

  return { registry, requests };
}

export type AppMetrics = ReturnType<typeof createAppMetrics>;
