import { setTimeout as sleep } from 'node:timers/promises';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import type { AxiosInstance } from 'axios';

const POLL_MS = 1000;

/**
 * The way of one request: posts a document to the storefront and waits until Prometheus counts more of them.
 *
 * @returns seconds until it was counted.
 * @throws Error where the storefront refuses, or nothing was counted within `timeoutMs`.
 */
export async function requestCounted(options: {
  readonly client: AxiosInstance;
  readonly login: { readonly username: string; readonly password: string };
  readonly storefront: string;
  readonly prometheus: PrometheusClient;
  readonly timeoutMs: number;
}): Promise<number> {
  const { client, login: auth, storefront, prometheus, timeoutMs } = options;
  const query = `sum(${METRICS.httpRequests}{service="storefront",route="/api/documents",status_class="2xx"})`;
  const counted = async () => (await prometheus.value(query)) ?? 0;
  const before = await counted();
  const startedMs = performance.now();
  const { status } = await client.post(`${storefront}/api/documents`, { kind: 'invoice' }, { auth });
  if (status >= 300) throw new Error(`${storefront}/api/documents: expected 2xx, got ${status}`);
  while ((await counted()) <= before) {
    if (performance.now() - startedMs > timeoutMs)
      throw new Error(
        `${prometheus.url}: a request of the storefront was not counted within ${timeoutMs / 1000} s`,
      );
    await sleep(POLL_MS);
  }
  return (performance.now() - startedMs) / 1000;
}
