import type { Stack } from './kind.ts';

const resource = {
  attributes: [
    { key: 'service.name', value: { stringValue: 'crash-test' } },
    { key: 'service.instance.id', value: { stringValue: 'crash-test-1' } },
  ],
};

/** Label `job` that Prometheus gives the series of these pushes, label `service_name` in Loki. */
export const SERVICE = 'crash-test';

/** Now, as OTLP's JSON has it: nanoseconds since the epoch, in a string. */
export const nowNano = () => `${Date.now()}000000`;

/** One push of OTLP/HTTP as JSON. @returns whether it was acknowledged whole. */
export async function pushOtlp(
  { http, url }: Stack,
  signal: AbortSignal,
  ...[path, scoped]:
    | ['/v1/traces', { spans: readonly object[] }]
    | ['/v1/logs', { logRecords: readonly object[] }]
    | ['/v1/metrics', { metrics: readonly object[] }]
): Promise<boolean> {
  const body = {
    '/v1/traces': { resourceSpans: [{ resource, scopeSpans: [scoped] }] },
    '/v1/logs': { resourceLogs: [{ resource, scopeLogs: [scoped] }] },
    '/v1/metrics': { resourceMetrics: [{ resource, scopeMetrics: [scoped] }] },
  }[path];
  const { status, data } = await http.post(url('otlpHttp', path), body, { signal });
  return status === 200 && Object.keys(data.partialSuccess ?? {}).length === 0;
}
