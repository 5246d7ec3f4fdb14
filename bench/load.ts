import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { createJsonClient } from '@aiops-sre/demo-app/http/json-client.ts';
import { planRequest } from '@aiops-sre/demo-app/traffic/planned-request.ts';
import { endpoint } from '@aiops-sre/service-kit/platform/ports.ts';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { readSettings } from '@aiops-sre/stack/settings.ts';
import { withOwnStack } from '@aiops-sre/stack/testing/with-own-stack.ts';
import type { Benchmark } from './figures.ts';

const REQUESTS_PER_SECOND = 300;
const WARM_UP_SECONDS = 15;
const SECONDS = 60;
/** Until the last span was exported, counted and scraped. */
const SETTLE_MS = 30_000;
const TIMEOUT_MS = 10_000;

const COUNTED = `sum(${METRICS.httpRequests}{service="storefront"})`;
const TRACED = `sum(${METRICS.spanCalls}{service_name="storefront",span_kind="SPAN_KIND_SERVER"})`;

/** The whole shop, its database included, under visitors of every kind at a constant rate, however slow its answers are. */
export const loadBenchmark: Benchmark = {
  description: `${REQUESTS_PER_SECOND} requests a second to a stack of its own: latency, failures, whether all are counted and traced`,
  run: ({ root, environment, onProgress, signal }) =>
    withOwnStack(
      { root, signal, startArguments: ['--no-history', '--no-traffic'] },
      async (ownEnvironment) => {
        const settings = readSettings(root, { ...environment, ...ownEnvironment });
        const prometheus = createPrometheusClient({
          url: endpoint(settings, 'prometheus'),
          timeoutMs: TIMEOUT_MS,
        });
        const storefront = createJsonClient({
          baseUrl: endpoint(settings, 'storefront'),
          timeoutMs: TIMEOUT_MS,
          maxSockets: REQUESTS_PER_SECOND,
        });
        const seen = async (query: string) => (await prometheus.value(query)) ?? 0;

        /** @returns milliseconds that each took, and how many failed */
        async function visit(seconds: number) {
          const durations: number[] = [];
          let failed = 0;
          const one = async () => {
            const { entry, path, body } = planRequest(Math.random);
            const headers = { authorization: 'Bearer demo-user1', 'Idempotency-Key': randomUUID() };
            const since = performance.now();
            const status = await storefront
              .request({ method: entry.method, url: path, data: body, headers })
              .then((answer) => answer.status)
              .catch(() => 0);
            durations.push(performance.now() - since);
            if (status === 0 || status >= 500) failed += 1;
          };
          const running: Promise<void>[] = [];
          const startedAt = performance.now();
          for (let sent = 0; sent < seconds * REQUESTS_PER_SECOND; sent += 1) {
            const dueMs = startedAt + (sent * 1000) / REQUESTS_PER_SECOND - performance.now();
            if (dueMs > 0) await sleep(dueMs, undefined, { signal });
            running.push(one());
          }
          const sentPerSecond = (running.length * 1000) / (performance.now() - startedAt);
          await Promise.all(running);
          return { durations: durations.toSorted((a, b) => a - b), failed, sentPerSecond };
        }

        onProgress(`${WARM_UP_SECONDS} s to warm up ...`);
        await visit(WARM_UP_SECONDS);
        await sleep(SETTLE_MS, undefined, { signal });
        const before = { counted: await seen(COUNTED), traced: await seen(TRACED) };
        onProgress(`${REQUESTS_PER_SECOND} requests a second for ${SECONDS} s ...`);
        const { durations, failed, sentPerSecond } = await visit(SECONDS);
        await sleep(SETTLE_MS, undefined, { signal });
        const share = (now: number, then: number) => ({
          value: (100 * (now - then)) / durations.length,
          unit: '%',
        });
        const quantile = (share: number) => ({
          value: durations[Math.ceil(share * durations.length) - 1]!,
          unit: 'ms',
        });
        return {
          'requests sent': { value: sentPerSecond, unit: '/s' },
          'latency, median': quantile(0.5),
          'latency, p95': quantile(0.95),
          'latency, p99': quantile(0.99),
          'failed (5xx or no answer)': share(failed, 0),
          'counted in Prometheus': share(await seen(COUNTED), before.counted),
          'traced, by span metrics': share(await seen(TRACED), before.traced),
        };
      },
    ),
};
