import { stringify } from 'yaml';

/** An SLO on metrics that are nowhere else in this repository. */
export function shopDefinition({
  target = 0.999,
  annotations = {},
}: {
  target?: number;
  annotations?: Record<string, string>;
} = {}): string {
  const rate = (matcher: string) => ({
    metricSource: {
      type: 'Prometheus',
      spec: { query: `sum(rate(shop_calls_total${matcher}[{{.window}}]))` },
    },
  });
  return stringify({
    apiVersion: 'openslo/v1',
    kind: 'SLO',
    metadata: { name: 'shop-calls', annotations },
    spec: {
      service: 'shop',
      indicator: { spec: { ratioMetric: { counter: true, bad: rate('{result="error"}'), total: rate('') } } },
      timeWindow: [{ duration: '30d', isRolling: true }],
      budgetingMethod: 'Occurrences',
      objectives: [{ target }],
    },
  });
}
