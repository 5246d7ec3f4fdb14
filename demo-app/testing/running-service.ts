import { listen } from '@aiops-sre/service-kit/http/http-server.ts';
import { pino } from 'pino';
import { createJsonClient } from '../http/json-client.ts';
import { type ApiRoute, createService, type ServiceOptions } from '../http/service.ts';
import { createReadiness } from '../lifecycle/readiness.ts';
import { type AppMetrics, createAppMetrics } from '../metrics/app-metrics.ts';

import { captureLog } from './log-capture.ts';

interface RunningServiceOptions extends Partial<Omit<ServiceOptions, 'api' | 'metrics'>> {
  readonly api: (metrics: AppMetrics) => readonly ApiRoute[];
}

/** A service on a free port of this process, its log lines and its metrics within reach. For tests. */
export async function startService({ api, ...options }: RunningServiceOptions) {
  const { lines: log, destination } = captureLog();
  const logger = pino({}, destination);
  // The routes come from the API itself: asked for once with metrics that nobody reads.
  const identity = { version: '0', revision: '0', environment: 'test' };
  const routes = api(createAppMetrics({ ...identity, routes: [] }));
  const metrics = createAppMetrics({ ...identity, routes });
  const readiness = createReadiness();
  const handler = createService({ readiness, logger, ...options, api: api(metrics), metrics });
  const server = await listen({ handler, host: '127.0.0.1', port: 0 });
  const { url, port } = server;
  const client = createJsonClient({ baseUrl: url, timeoutMs: 5000 });
  return {
    url,
    port,
    server,
    client,
    log,
    /** A sample of /metrics by its series as written there, such as `up{job="x"}`. */
    async sample(series: string): Promise<number | undefined> {
      const { data } = await client.get<string>('/metrics');
      const line = data.split('\n').find((candidate) => candidate.startsWith(`${series} `));
      return line === undefined ? undefined : Number(line.slice(series.length + 1));
    },
    [Symbol.asyncDispose]: async () => {
      await server.close(0);
    },
  };
}

export type RunningService = Awaited<ReturnType<typeof startService>>;

/** The name of an SLI counter's series. */
export function requestsSeries(method: string, route: string, statusClass: string): string {
  return `http_requests_total{method="${method}",route="${route}",status_class="${statusClass}"}`;
}
