import type { BackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import { z } from 'zod';

export interface LokiLine {
  /** Index labels and structured metadata, as far as the query keeps them. */
  readonly labels: Readonly<Record<string, string>>;
  /** Unix nanoseconds, as Loki writes them. */
  readonly time: string;
  readonly text: string;
}

export interface LineQuery {
  readonly query: string;
  /** Unix seconds; the end is not part of it. */
  readonly start: number;
  readonly end: number;
  readonly limit: number;
  readonly direction: 'forward' | 'backward';
}

const streamsSchema = z.object({
  data: z.object({
    result: z.array(
      z.object({
        stream: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.string(), z.string()])),
      }),
    ),
  }),
});

/**
 * Lines by a log query, in the order of Loki's streams.
 *
 * @throws BackendError
 * @see https://grafana.com/docs/loki/latest/reference/loki-http-api/#query-logs-within-a-range-of-time
 */
export async function logLines(loki: BackendClient, query: LineQuery): Promise<readonly LokiLine[]> {
  const request = { path: '/loki/api/v1/query_range', parameters: { ...query } };
  const { data } = await loki.json(request, streamsSchema);
  return data.result.flatMap(({ stream, values }) =>
    values.map(([time, text]) => ({ labels: stream, time, text })),
  );
}
