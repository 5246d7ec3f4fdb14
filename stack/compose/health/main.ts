/**
 * Asks services whether they are ready, for images that hold no program to ask with: the one health check of
 * HEALTH_TARGETS. GET /readyz answers 200 when all are, else 503; its body tells each one's state.
 */
import { createServer } from 'node:http';
import { z } from 'zod';
import { parseTargets } from './targets.ts';
import { watch } from './watch.ts';

const INTERVAL_MS = 1_000;
const TIMEOUT_MS = 2_000;

const { HOST, PORT, HEALTH_TARGETS } = z
  .object({
    HOST: z.string().default('127.0.0.1'),
    PORT: z.coerce.number().int().min(0).max(65_535),
    HEALTH_TARGETS: z.string(),
  })
  .parse(process.env);

const abort = new AbortController();
const targets = parseTargets(HEALTH_TARGETS);
const found = watch({
  targets,
  intervalMs: INTERVAL_MS,
  timeoutMs: TIMEOUT_MS,
  signal: abort.signal,
  onChange: (service, { ready, reason }) =>
    console.log(JSON.stringify({ time: new Date().toISOString(), service, ready, reason })),
});

const server = createServer((request, response) => {
  if (request.method !== 'GET' || request.url !== '/readyz') {
    response.writeHead(404).end();
    return;
  }
  const ready = targets.every(({ service }) => found.get(service)?.ready);
  response.writeHead(ready ? 200 : 503, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify({ ready, services: Object.fromEntries(found) })}\n`);
});
server.requestTimeout = 5_000;
server.listen(PORT, HOST);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    abort.abort();
    server.close();
    server.closeAllConnections();
  });
}
