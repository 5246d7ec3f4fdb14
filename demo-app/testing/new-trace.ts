import { randomBytes } from 'node:crypto';
import { PROBE_KEY_HEADER, PROBE_TRACESTATE } from '@aiops-sre/conventions/probe.ts';
import { vi } from 'vitest';
import type { OtlpSink } from './otlp-sink/otlp-sink.ts';
import type { ReceivedSpan } from './otlp-sink/telemetry.ts';

/** Export takes about the schedule delay; the rest is for a busy machine. */
export const EXPORT_WAIT = { timeout: 8000, interval: 50 };

const PROBE_KEY = 'probe-key-of-these-tests';

/** Environment of a process whose telemetry a test waits for. */
export function telemetryTo(sink: OtlpSink): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.endpoint,
    PROBE_KEY,
    OTEL_BSP_SCHEDULE_DELAY: '100',
    OTEL_METRIC_EXPORT_INTERVAL: '200',
    OTEL_METRIC_EXPORT_TIMEOUT: '150',
  };
}

/** A trace that the test itself begins, so that its spans are told from those of other requests. */
export function newTrace(sink: OtlpSink) {
  const traceId = randomBytes(16).toString('hex');
  const parentId = randomBytes(8).toString('hex');
  return {
    traceId,
    parentId,
    headers: {
      traceparent: `00-${traceId}-${parentId}-01`,
      tracestate: `${PROBE_TRACESTATE.key}=${PROBE_TRACESTATE.value}`,
      [PROBE_KEY_HEADER]: PROBE_KEY,
    },
    /** All spans of the trace, once there are this many. */
    spans: (count: number): Promise<ReceivedSpan[]> =>
      vi.waitFor(() => {
        const received = sink.spans().filter((span) => span.traceId === traceId);
        if (received.length < count) throw new Error(`${received.length} of ${count} spans are here`);
        return received;
      }, EXPORT_WAIT),
  };
}

/** Tells a service's spans of one kind. */
export function of(service: string, kind: ReceivedSpan['kind']) {
  return (span: ReceivedSpan) => span.resource['service.name'] === service && span.kind === kind;
}
