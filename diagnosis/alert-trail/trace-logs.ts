import type { BackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import { z } from 'zod';
import type { Trace } from '../traces/span.ts';

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

const MOST_LINES = 50;
const AROUND_SECONDS = 300;

/** Log lines of every service that carry the trace's id, the oldest first. @see https://grafana.com/docs/loki/latest/reference/loki-http-api/ */
export async function logsOfTrace(
  loki: BackendClient,
  { traceId, spans }: Trace,
): Promise<readonly string[]> {
  const startSeconds = Math.min(...spans.map(({ startMs }) => startMs)) / 1000;
  const endSeconds = Math.max(...spans.map(({ endMs }) => endMs)) / 1000;
  const parameters = {
    query: `{service_name=~".+"} | trace_id = "${traceId}"`,
    start: Math.floor(startSeconds - AROUND_SECONDS),
    end: Math.ceil(endSeconds + AROUND_SECONDS),
    limit: MOST_LINES,
    direction: 'forward',
  };
  const { data } = await loki.json({ path: '/loki/api/v1/query_range', parameters }, streamsSchema);
  return data.result
    .flatMap(({ stream, values }) =>
      values.map(([time, line]) => ({ time, line: `${stream.service_name ?? ''} ${line}`.trim() })),
    )
    .toSorted((one, other) => one.time.localeCompare(other.time))
    .map(({ line }) => line);
}
