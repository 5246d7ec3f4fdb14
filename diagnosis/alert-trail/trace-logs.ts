import { logLines } from '@aiops-sre/investigation/data-sources/loki.ts';
import type { Trace } from '@aiops-sre/investigation/traces/span.ts';
import type { BackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';

const MOST_LINES = 50;
const AROUND_SECONDS = 300;

/** Log lines of every service that carry the trace's id, the oldest first. */
export async function logsOfTrace(
  loki: BackendClient,
  { traceId, spans }: Trace,
): Promise<readonly string[]> {
  const startSeconds = Math.min(...spans.map(({ startMs }) => startMs)) / 1000;
  const endSeconds = Math.max(...spans.map(({ endMs }) => endMs)) / 1000;
  const lines = await logLines(loki, {
    query: `{service_name=~".+"} | trace_id = "${traceId}"`,
    start: Math.floor(startSeconds - AROUND_SECONDS),
    end: Math.ceil(endSeconds + AROUND_SECONDS),
    limit: MOST_LINES,
    direction: 'forward',
  });
  return lines
    .map(({ labels, time, text }) => ({ time, line: `${labels.service_name ?? ''} ${text}`.trim() }))
    .toSorted((one, other) => one.time.localeCompare(other.time))
    .map(({ line }) => line);
}
