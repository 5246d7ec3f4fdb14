import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';

/** A watched series that the detector finds unusual now. Bounds are undefined for a series that vanished. */
export interface AnomalyStatus {
  readonly rule: string;
  readonly service: string;
  /** What tells the series from others of its rule: `method GET, route /api/products`. */
  readonly series: string;
  readonly value: number | undefined;
  readonly expected: number | undefined;
  readonly lower: number | undefined;
  readonly upper: number | undefined;
}

/** Labels of every series of the detector; the others tell the series of a rule apart. */
const COMMON = ['__name__', 'rule', 'service', 'job', 'instance'];

export async function readAnomalies(
  prometheus: Pick<PrometheusClient, 'query'>,
): Promise<readonly AnomalyStatus[]> {
  const active = `${METRICS.anomalyActive} == 1`;
  const [anomalies, ...numbers] = await Promise.all([
    prometheus.query(active),
    ...[METRICS.anomalyValue, METRICS.anomalyExpected, METRICS.anomalyLower, METRICS.anomalyUpper].map(
      (name) => prometheus.query(`${name} and ${active}`),
    ),
  ]);
  const key = ({ __name__: _name, ...labels }: Readonly<Record<string, string>>) =>
    JSON.stringify(Object.entries(labels).sort());
  const [value, expected, lower, upper] = numbers.map(
    (samples) => new Map(samples.map((sample) => [key(sample.labels), sample.value])),
  );
  return anomalies.map(({ labels }) => {
    const of = (values: Map<string, number> | undefined) => values?.get(key(labels));
    return {
      rule: labels.rule ?? '',
      service: labels.service ?? '',
      series: Object.entries(labels)
        .filter(([name]) => !COMMON.includes(name))
        .map(([name, text]) => `${name} ${text}`)
        .join(', '),
      value: of(value),
      expected: of(expected),
      lower: of(lower),
      upper: of(upper),
    };
  });
}
