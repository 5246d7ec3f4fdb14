/**
 * The guard before Tempo and Loki, which have no doors of their own, at their ports; and beside it, for images that hold no
 * program to ask with, the one health check of HEALTH_TARGETS: GET /readyz at PORT answers 200 when all are ready, else
 * 503, and its body tells each one's state.
 */

import { orExit } from '@aiops-sre/service-kit/lifecycle/or-exit.ts';
import { stopOnSignal } from '@aiops-sre/service-kit/lifecycle/stop-on-signal.ts';
import { readEnvironment } from '@aiops-sre/service-kit/settings/environment.ts';
import { hostNames, httpUrl, port } from '@aiops-sre/service-kit/settings/variables.ts';
import { print } from '@aiops-sre/service-kit/terminal/print.ts';
import { z } from 'zod';
import { GUARDED_ROUTES, guardedBackend } from '../../guard/backends.ts';
import { startGuard } from '../../guard/guard.ts';
import { createPlatformMetrics, listenForReadiness } from '../../readiness/platform-metrics.ts';
import { watch } from '../../readiness/watch.ts';
import { healthTargets } from './targets.ts';

const INTERVAL_MS = 1_000;
const TIMEOUT_MS = 2_000;

const environmentSchema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: port,
  ALLOWED_HOSTS: hostNames.default([]),
  TEMPO_URL: httpUrl,
  LOKI_URL: httpUrl,
  TENANT: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .optional(),
  HEALTH_TARGETS: healthTargets,
});
const environment = orExit(() => readEnvironment(environmentSchema, process.env), 1);
const { HOST: host, ALLOWED_HOSTS: names, HEALTH_TARGETS: targets } = environment;
const urls = { tempo: environment.TEMPO_URL, loki: environment.LOKI_URL };

const abort = new AbortController();
const found = watch({
  targets,
  intervalMs: INTERVAL_MS,
  timeoutMs: TIMEOUT_MS,
  signal: abort.signal,
  onChange: (service, { ready, reason }) =>
    print(JSON.stringify({ time: new Date().toISOString(), service, ready, reason })),
});
const metrics = createPlatformMetrics(found);
const servers = await Promise.all([
  listenForReadiness({
    host,
    port: environment.PORT,
    names,
    expected: targets.map(({ service }) => service),
    found,
    metrics,
  }),
  ...guardedBackend.options.map((backend) => {
    const { hostname, port: upstreamPort } = new URL(urls[backend]);
    return startGuard({
      name: backend,
      upstream: { host: hostname, port: Number(upstreamPort) },
      routes: GUARDED_ROUTES[backend],
      host,
      port: Number(upstreamPort),
      names,
      tenant: environment.TENANT,
      onRefused: (reason) => metrics.refused(backend, reason),
    });
  }),
]);

stopOnSignal({
  deadlineMs: 5_000,
  async stop() {
    abort.abort();
    await Promise.all(servers.map((server) => server.close(0)));
  },
});
