/**
 * Asks services whether they are ready, for images that hold no program to ask with: the one health check of
 * HEALTH_TARGETS. GET /readyz answers 200 when all are, else 503; its body tells each one's state.
 */
import { listen } from '@aiops-sre/service-kit/http/http-server.ts';
import { orExit } from '@aiops-sre/service-kit/lifecycle/or-exit.ts';
import { stopOnSignal } from '@aiops-sre/service-kit/lifecycle/stop-on-signal.ts';
import { readEnvironment } from '@aiops-sre/service-kit/settings/environment.ts';
import { port } from '@aiops-sre/service-kit/settings/variables.ts';
import { z } from 'zod';
import { healthTargets } from './targets.ts';
import { watch } from './watch.ts';

const INTERVAL_MS = 1_000;
const TIMEOUT_MS = 2_000;

const environmentSchema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: port,
  HEALTH_TARGETS: healthTargets,
});
const {
  HOST,
  PORT,
  HEALTH_TARGETS: targets,
} = orExit(() => readEnvironment(environmentSchema, process.env), 1);

const abort = new AbortController();
const found = watch({
  targets,
  intervalMs: INTERVAL_MS,
  timeoutMs: TIMEOUT_MS,
  signal: abort.signal,
  onChange: (service, { ready, reason }) =>
    console.log(JSON.stringify({ time: new Date().toISOString(), service, ready, reason })),
});

const server = await listen({
  host: HOST,
  port: PORT,
  handler(request, response) {
    if (request.method !== 'GET' || request.url !== '/readyz') {
      response.writeHead(404).end();
      return;
    }
    const ready = targets.every(({ service }) => found.get(service)?.ready);
    response.writeHead(ready ? 200 : 503, { 'content-type': 'application/json' });
    response.end(`${JSON.stringify({ ready, services: Object.fromEntries(found) })}\n`);
  },
});

stopOnSignal({
  deadlineMs: 5_000,
  async stop() {
    abort.abort();
    await server.close(0);
  },
});
