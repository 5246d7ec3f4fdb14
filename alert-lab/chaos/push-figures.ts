import { OTLP_KEY_HEADER } from '@aiops-sre/conventions/otlp-key.ts';
import { CHAOS_REPORT, SERVICE_NAMESPACE } from '@aiops-sre/conventions/services.ts';
import { z } from 'zod';
import type { Figure } from './report-figures.ts';

const TIMEOUT_MS = 10_000;

export interface Intake {
  /** Of OTLP over HTTP, without a path. */
  readonly url: string;
  readonly key: string;
  readonly signal: AbortSignal;
}

const acknowledgementSchema = z.object({
  partialSuccess: z
    .object({ rejectedDataPoints: z.coerce.number(), errorMessage: z.string() })
    .partial()
    .optional(),
});

/** Sends gauges to the Collector as the demo's, as of now. @throws Error where not all of them were taken */
export async function pushFigures(figures: readonly Figure[], { url, key, signal }: Intake): Promise<void> {
  const address = `${url}/v1/metrics`;
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [OTLP_KEY_HEADER]: key },
    body: JSON.stringify(otlpMetrics(figures, Date.now())),
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  if (!response.ok) throw new Error(`${address}: HTTP ${response.status}`);
  const { partialSuccess } = acknowledgementSchema.parse(await response.json());
  if (partialSuccess?.rejectedDataPoints)
    throw new Error(
      `${address}: ${partialSuccess.rejectedDataPoints} figures refused, ${partialSuccess.errorMessage}`,
    );
}

/** @see https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
function otlpMetrics(figures: readonly Figure[], nowMs: number) {
  const attributes = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const metrics = [...Map.groupBy(figures, ({ metric }) => metric)].map(([name, points]) => ({
    name,
    gauge: {
      dataPoints: points.map(({ labels, value }) => ({
        attributes: attributes(labels),
        timeUnixNano: `${nowMs}000000`,
        asDouble: value,
      })),
    },
  }));
  const resource = {
    attributes: attributes({ 'service.name': CHAOS_REPORT, 'service.namespace': SERVICE_NAMESPACE }),
  };
  return { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] };
}
