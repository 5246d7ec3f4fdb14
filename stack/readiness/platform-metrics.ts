import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { listen } from '@aiops-sre/service-kit/http/http-server.ts';
import { Counter, Gauge, Registry } from 'prom-client';
import type { ServiceHealth } from './watch.ts';

/** What is known from outside of the components, as metrics. */
export interface PlatformMetrics {
  readonly refused: (backend: string, reason: string) => void;
  readonly restarted: (component: string) => void;
  text(): Promise<string>;
  readonly contentType: string;
}

export function createPlatformMetrics(found: ReadonlyMap<string, ServiceHealth>): PlatformMetrics {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  new Gauge({
    name: METRICS.componentReady,
    help: '1 while the component answers that it is ready',
    labelNames: ['component'],
    registers,
    collect() {
      for (const [component, { ready }] of found) this.set({ component }, ready ? 1 : 0);
    },
  });
  const restarts = new Counter({
    name: METRICS.unreadyRestarts,
    help: 'Restarts of a component that lived and stayed unready',
    labelNames: ['component'],
    registers,
  });
  const refusals = new Counter({
    name: METRICS.guardRefusals,
    help: 'Requests that the guard before a backend refused',
    labelNames: ['backend', 'reason'],
    registers,
  });
  return {
    refused: (backend, reason) => refusals.inc({ backend, reason }),
    restarted: (component) => restarts.inc({ component }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** GET /readyz: 200 while all are ready, else 503, with each one's state; GET /metrics. */
export function listenForReadiness(options: {
  readonly host: string;
  readonly port: number;
  readonly names: readonly string[];
  readonly expected: readonly string[];
  readonly found: ReadonlyMap<string, ServiceHealth>;
  readonly metrics: PlatformMetrics;
}) {
  const { expected, found, metrics, ...address } = options;
  return listen({
    ...address,
    async handler({ method, url }, response) {
      if (method === 'GET' && url === '/metrics') {
        const text = await metrics.text();
        response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
      } else if (method === 'GET' && url === '/readyz') {
        const ready = expected.every((service) => found.get(service)?.ready);
        response.writeHead(ready ? 200 : 503, { 'content-type': 'application/json' });
        response.end(`${JSON.stringify({ ready, services: Object.fromEntries(found) })}\n`);
      } else response.writeHead(404).end();
    },
  });
}
