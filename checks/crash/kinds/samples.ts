import type { Kind, Stack } from '../kind.ts';

/** Samples that Prometheus has shown once, looked for again. Ids are `JOB INSTANCE SECONDS`. */
export function samples(stack: Stack): Kind {
  const shown = async (seconds: number, signal?: AbortSignal): Promise<readonly string[]> => {
    const response = await stack.http.get(stack.url('prometheus', '/api/v1/query'), {
      params: { query: `up[${Math.ceil(seconds)}s]` },
      ...(signal && { signal }),
    });
    if (response.status !== 200) throw new Error(`Prometheus: ${response.status}`);
    const series: { metric: Record<string, string>; values: [number, string][] }[] =
      response.data.data.result;
    return series.flatMap(({ metric, values }) =>
      values.map(([at]) => `${metric.job} ${metric.instance} ${at}`),
    );
  };
  const known = new Set<string>();
  return {
    name: 'samples',
    writesPerSecond: 1,
    async write(signal) {
      const fresh = (await shown(10, signal)).filter((id) => !known.has(id));
      for (const id of fresh) known.add(id);
      return fresh;
    },
    async missing(ids) {
      const oldest = Math.min(...ids.map((id) => Number(id.slice(id.lastIndexOf(' ') + 1))));
      const there = new Set(await shown(Date.now() / 1000 - oldest + 10));
      return ids.filter((id) => !there.has(id));
    },
  };
}
