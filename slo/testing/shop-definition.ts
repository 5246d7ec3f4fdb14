import { stringify } from 'yaml';

export interface ShopDefinition {
  readonly target?: number;
  readonly annotations?: Readonly<Record<string, unknown>>;
  readonly labels?: Readonly<Record<string, unknown>>;
  readonly displayName?: string;
  /** Queries in place of the usual two: good or bad, and total. */
  readonly ratio?: { readonly good?: string; readonly bad?: string; readonly total: string };
  /** Query of a histogram in their place. */
  readonly threshold?: string;
  /** Fields of `spec` that replace the usual ones. */
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** An SLO on metrics that are nowhere else in this repository. */
export function shopDefinition({
  target = 0.999,
  annotations,
  labels,
  displayName,
  ratio = {
    bad: 'sum(rate(shop_calls_total{result="error"}[{{.window}}]))',
    total: 'sum(rate(shop_calls_total[{{.window}}]))',
  },
  threshold,
  spec = {},
}: ShopDefinition = {}): string {
  const source = (query: string) => ({ metricSource: { type: 'Prometheus', spec: { query } } });
  const queries = Object.entries(ratio).map(([side, query]) => [side, source(query)]);
  return stringify({
    apiVersion: 'openslo/v1',
    kind: 'SLO',
    metadata: { name: 'shop-calls', displayName, labels, annotations },
    spec: {
      service: 'shop',
      indicator: {
        spec: threshold
          ? { thresholdMetric: source(threshold) }
          : { ratioMetric: { counter: true, ...Object.fromEntries(queries) } },
      },
      timeWindow: [{ duration: '30d', isRolling: true }],
      budgetingMethod: 'Occurrences',
      objectives: [{ target }],
      ...spec,
    },
  });
}
