import { z } from 'zod';
import type { AskJson } from './json-client.ts';
import type { TimeRange } from './time-range.ts';

const labels = z.record(z.string(), z.string());
const vectorSchema = z.object({
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: labels, value: z.tuple([z.number(), z.coerce.number()]) })),
  }),
});
const exemplarsSchema = z.object({
  data: z.array(
    z.object({
      seriesLabels: labels,
      exemplars: z.array(z.object({ labels, timestamp: z.number() })),
    }),
  ),
});

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Prometheus {
  /** @param atSeconds Unix seconds */
  query(promql: string, atSeconds: number): Promise<readonly Sample[]>;
  /** Trace ids of the exemplars of these series, the newest first. */
  exemplarTraceIds(selector: string, range: TimeRange): Promise<readonly string[]>;
}

/** @see https://prometheus.io/docs/prometheus/latest/querying/api/ */
export function prometheus(ask: AskJson): Prometheus {
  return {
    async query(promql, atSeconds) {
      const { data } = await ask('/api/v1/query', vectorSchema, [
        ['query', promql],
        ['time', `${atSeconds}`],
      ]);
      return data.result.map(({ metric, value }) => ({ labels: metric, value: value[1] }));
    },
    async exemplarTraceIds(selector, { fromSeconds, toSeconds }) {
      const { data } = await ask('/api/v1/query_exemplars', exemplarsSchema, [
        ['query', selector],
        ['start', `${fromSeconds}`],
        ['end', `${toSeconds}`],
      ]);
      const newestFirst = data
        .flatMap(({ exemplars }) => exemplars)
        .toSorted((one, other) => other.timestamp - one.timestamp);
      return [...new Set(newestFirst.flatMap(({ labels: { trace_id } }) => trace_id ?? []))];
    },
  };
}
