import type { Engine } from '../engine.ts';
import { asTenant, http, TENANT } from '../http.ts';
import type { NativeServices } from '../native-services.ts';
import { pushGauge } from '../otlp-samples.ts';

const METRIC = 'scale_written';

async function series(
  services: NativeServices,
  query: string,
  { tenant = TENANT, signal }: { tenant?: string; signal?: AbortSignal } = {},
): Promise<readonly Record<string, string>[]> {
  const { status, data } = await http.get(`${services.url('thanos-query', 10902)}/api/v1/query`, {
    // Part of an answer is none.
    params: { query, partial_response: false },
    headers: asTenant(tenant),
    ...(signal && { signal }),
  });
  if (status !== 200) throw new Error(`thanos-query: ${status} ${JSON.stringify(data).slice(0, 300)}`);
  return data.data.result.map(({ metric }: { metric: Record<string, string> }) => metric);
}

/** Samples, a series each, by OTLP to the receivers' router. */
export const thanos: Engine = {
  name: 'Thanos',
  services: [
    ['seaweedfs'],
    ['thanos-receive-1', 'thanos-receive-2', 'thanos-receive-3'],
    ['thanos-receive', 'thanos-store', 'thanos-query', 'thanos-rule', 'thanos-compact'],
  ],
  killed: 'thanos-receive-2',
  kind(services, requestsPerSecond) {
    let last = 0;
    return {
      name: 'samples',
      writesPerSecond: requestsPerSecond,
      async write(signal) {
        last += 1;
        const id = String(last);
        const isTaken = await pushGauge(services, { tenant: TENANT, metric: METRIC, labels: { id }, signal });
        return isTaken ? [id] : [];
      },
      async missing(ids) {
        const there = new Set((await series(services, `last_over_time(${METRIC}[30m])`)).map(({ id }) => id));
        return ids.filter((id) => !there.has(id));
      },
    };
  },
  seenBy: async (services, tenant) =>
    (await series(services, `last_over_time(${METRIC}[30m])`, { tenant })).length,
  async ask(services, signal) {
    const answer = await series(services, `count(last_over_time(${METRIC}[30m]))`, { signal });
    if (answer.length === 0) throw new Error('thanos-query: no series');
  },
};
