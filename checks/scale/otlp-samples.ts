import { asTenant, http } from './http.ts';
import type { NativeServices } from './native-services.ts';

/** Labels in the form of OTLP/HTTP as JSON. */
export const attributes = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels).map(([key, stringValue]) => ({ key, value: { stringValue } }));

/** A push of metrics in that form. */
export const metricsBody = (resource: Readonly<Record<string, string>>, metrics: readonly object[]) => ({
  resourceMetrics: [{ resource: { attributes: attributes(resource) }, scopeMetrics: [{ metrics }] }],
});

/** One sample now to the receivers of Thanos. @returns whether it was acknowledged */
export async function pushGauge(
  services: NativeServices,
  options: {
    readonly tenant: string;
    readonly metric: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
  },
): Promise<boolean> {
  const { tenant, metric, labels, signal } = options;
  const dataPoints = [{ attributes: attributes(labels), timeUnixNano: `${Date.now()}000000`, asDouble: 1 }];
  const { status } = await http.post(
    `${services.url('thanos-receive', 19291)}/api/v1/otlp`,
    metricsBody({}, [{ name: metric, gauge: { dataPoints } }]),
    { headers: asTenant(tenant), signal },
  );
  return status === 200;
}
