import { randomUUID } from 'node:crypto';
import { LINES_AN_ANSWER, missingLines } from '../../crash/kinds/log-lines.ts';
import { nowNano } from '../../crash/otlp-push.ts';
import type { Engine } from '../engine.ts';
import { asTenant, http, TENANT } from '../http.ts';
import type { NativeServices } from '../native-services.ts';

const STREAM = { service_name: 'scale-test' };
const SELECTOR = '{service_name="scale-test"}';
const PORT = 3100;

/** Lines of the last minutes. */
async function count(services: NativeServices, tenant: string, signal?: AbortSignal): Promise<number> {
  const { status, data } = await http.get(`${services.url('loki', PORT)}/loki/api/v1/query`, {
    params: { query: `sum(count_over_time(${SELECTOR}[30m]))` },
    headers: asTenant(tenant),
    ...(signal && { signal }),
  });
  if (status !== 200) throw new Error(`Loki: ${status} ${JSON.stringify(data).slice(0, 300)}`);
  return Number(data.data.result[0]?.value[1] ?? 0);
}

/** Lines, one a push. */
export const loki: Engine = {
  name: 'Loki',
  services: [
    ['seaweedfs'],
    ['loki-ingester-1', 'loki-ingester-2', 'loki-ingester-3'],
    ['loki', 'loki-compactor'],
  ],
  killed: 'loki-ingester-2',
  kind(services, requestsPerSecond) {
    return {
      name: 'log lines',
      writesPerSecond: requestsPerSecond,
      async write(signal) {
        const at = nowNano();
        const line = `${at} ${randomUUID()}`;
        const { status } = await http.post(
          `${services.url('loki', PORT)}/loki/api/v1/push`,
          { streams: [{ stream: STREAM, values: [[at, line]] }] },
          { headers: asTenant(TENANT), signal },
        );
        return status === 204 ? [line] : [];
      },
      missing: (ids) =>
        missingLines(ids, async (start) => {
          const { status, data } = await http.get(`${services.url('loki', PORT)}/loki/api/v1/query_range`, {
            params: { query: SELECTOR, start: String(start), limit: LINES_AN_ANSWER, direction: 'forward' },
            headers: asTenant(TENANT),
          });
          if (status !== 200) throw new Error(`Loki: ${status} ${data}`);
          return data.data.result.flatMap(({ values }: { values: [string, string][] }) => values);
        }),
    };
  },
  seenBy: (services, tenant) => count(services, tenant),
  async ask(services, signal) {
    if ((await count(services, TENANT, signal)) === 0) throw new Error('Loki: no lines');
  },
};
