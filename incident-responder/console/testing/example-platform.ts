import type { RangeSeries, Sample } from '@aiops-sre/service-kit/prometheus/samples.ts';
import type { BoardReader } from '../board/read-board.ts';

type Series = readonly [labels: Record<string, string>, of: (atSeconds: number) => number];

export interface ExamplePlatformOptions {
  readonly nowMs: number;
  /** Services beside those of the shop; they have no SLO. */
  readonly moreServices?: readonly string[];
  /** False: all is well. */
  readonly trouble?: boolean;
}

const SHOP = ['traffic', 'storefront', 'identity', 'fulfillment', 'checkout', 'payments', 'shop'];
const CALLS = [
  ['traffic', 'storefront', 42],
  ['storefront', 'identity', 40],
  ['storefront', 'fulfillment', 9],
  ['storefront', 'checkout', 6],
  ['checkout', 'payments', 6],
  ['checkout', 'fulfillment', 6],
  ['storefront', 'shop', 55],
  ['checkout', 'shop', 18],
] as const;
const SLOS = [
  ['storefront-availability', 'storefront', 0.995, 0.62],
  ['storefront-latency', 'storefront', 0.99, 0.31],
  ['fulfillment-success', 'fulfillment', 0.985, 0.48],
  ['checkout-freshness', 'checkout', 0.99, 0.88],
] as const;

/** Prometheus of a shop whose identity service got slow half an hour ago, by what is asked of it. */
export function examplePlatform({
  nowMs,
  moreServices = [],
  trouble = true,
}: ExamplePlatformOptions): BoardReader {
  const nowSeconds = nowMs / 1000;
  const risen = (at: number) => (trouble ? Math.min(1, Math.max(0, (at - nowSeconds + 1800) / 300)) : 0);
  const wave = (at: number, seed: number) =>
    1 + 0.15 * Math.sin(at / 700 + seed) + 0.05 * Math.sin(at / 61 + 3 * seed);
  const services = [...SHOP, ...moreServices];
  const seedOf = (name: string) => services.indexOf(name);
  const perService = (of: (name: string, at: number) => number): Series[] =>
    services.map((service_name) => [{ service_name }, (at) => of(service_name, at)]);
  const perSlo = (of: (slo: (typeof SLOS)[number], at: number) => number): Series[] =>
    SLOS.map((slo) => [{ slo: slo[0], service: slo[1] }, (at) => of(slo, at)]);
  const isSlow = (name: string) => ['identity', 'storefront'].includes(name);
  const burn = (name: string, at: number) =>
    name === 'storefront-latency' ? 0.6 + 17 * risen(at) : 0.4 + 0.2 * wave(at, 3);
  const budget = ([name, , , left]: (typeof SLOS)[number], at: number) => {
    const days = (nowSeconds - at) / 86_400;
    return Math.min(1, left + days * 0.011 * (1 + 0.2 * Math.sin(days + name.length)));
  };
  const band: Series[] = [
    ['anomaly_value', (at: number) => 0.19 + 0.01 * Math.sin(at / 37) + 0.75 * risen(at)],
    ['anomaly_expected', (at: number) => 0.19 + 0.02 * Math.sin(at / 900)],
    ['anomaly_lower', (at: number) => 0.13 + 0.02 * Math.sin(at / 900)],
    ['anomaly_upper', (at: number) => 0.26 + 0.02 * Math.sin(at / 900)],
    ['anomaly_active', (at: number) => (risen(at) > 0.5 ? 1 : 0)],
  ].map(([name, of]) => [
    {
      __name__: name as string,
      rule: 'service_latency',
      service: 'identity',
      job: 'anomaly-detector',
      instance: '127.0.0.1:8090',
    },
    of as (at: number) => number,
  ]);

  /** The first whose pattern the query matches. */
  const answers: readonly (readonly [RegExp, () => readonly Series[]])[] = [
    [
      /^\(max by \(service, slo\) \(5 \*/,
      () =>
        perSlo(([name]) =>
          trouble && name === 'storefront-latency' ? 5 : name === 'fulfillment-success' ? 1 : 0,
        ),
    ],
    [/^max by \(service, slo\) \(slo:objective/, () => perSlo(([, , objective]) => objective)],
    [/time_to_exhaustion_lower/, () => perSlo((_slo, at) => (risen(at) > 0 ? 3 : 12) * 86_400)],
    [/time_to_exhaustion_upper/, () => perSlo((_slo, at) => (risen(at) > 0 ? 7 : 40) * 86_400)],
    [
      /time_to_exhaustion/,
      () => perSlo(([name], at) => (name === 'storefront-latency' && risen(at) > 0 ? 4.2 * 86_400 : 1e9)),
    ],
    [
      /^1 - max by \(service, slo\)/,
      () => perSlo(([name, , objective], at) => 1 - (1 - objective) * burn(name, at)),
    ],
    [/budget_remaining/, () => perSlo(budget)],
    [/slo:sli_total/, () => perSlo((_slo, at) => 42 * wave(at, 1))],
    [/^max by \(service, slo\) \(slo:sli_error.*\/ /, () => perSlo(([name], at) => burn(name, at))],
    [
      /^\(sum by \(service_name\)/,
      () =>
        perService(
          (name, at) =>
            (name === 'payments' ? 0.004 : 0.002) * wave(at, seedOf(name)) +
            (name === 'checkout' ? 0.02 * risen(at) : 0),
        ),
    ],
    [
      /^sum by \(service_name\) \(rate/,
      () => perService((name, at) => (isSlow(name) ? 41 : 6 + seedOf(name)) * wave(at, seedOf(name))),
    ],
    [
      /p95_rate2m/,
      () =>
        perService(
          (name, at) =>
            (0.05 + 0.02 * (seedOf(name) % 5)) * wave(at, seedOf(name)) +
            (isSlow(name) ? 0.8 * risen(at) : 0),
        ),
    ],
    [
      /^histogram_quantile\(0\.5,/,
      () => perService((name, at) => 0.04 + (isSlow(name) ? 0.4 * risen(at) : 0)),
    ],
    [
      /^histogram_quantile\(0\.95/,
      () => perService((name, at) => 0.12 + (isSlow(name) ? 0.8 * risen(at) : 0)),
    ],
    [
      /^histogram_quantile\(0\.99/,
      () => perService((name, at) => 0.2 + (isSlow(name) ? 1.1 * risen(at) : 0)),
    ],
    [
      /anomaly_score/,
      () => [
        [{ rule: 'service_latency' }, (at) => 0.1 + 0.39 * risen(at) + 0.2 * Math.max(0, risen(at) - 0.9)],
      ],
    ],
    [/^anomaly_active == 1/, () => (trouble ? band.slice(-1) : [])],
    [/anomaly_value\|/, () => band],
    [/request_failed_total/, () => [[{ client: 'checkout', server: 'payments' }, () => (trouble ? 0.3 : 0)]]],
    [
      /request_total/,
      () => [
        ...CALLS.map(([client, server, rate]): Series => [{ client, server }, () => rate]),
        ...moreServices.slice(0, 12).map((server): Series => [{ client: 'storefront', server }, () => 1]),
      ],
    ],
    [
      /^up$/,
      () => [
        ...['prometheus', 'alertmanager', 'grafana', 'tempo', 'otel-collector'].map(
          (job): Series => [{ job, instance: '127.0.0.1:9' }, () => 1],
        ),
        [{ job: 'loki', instance: '127.0.0.1:3100' }, () => (trouble ? 0 : 1)],
      ],
    ],
    [/component_ready/, () => []],
  ];
  const answerTo = (query: string) => answers.find(([pattern]) => pattern.test(query))?.[1]() ?? [];
  /** As far as the example has labels that a query asks for. */
  const chosen = (query: string, labels: Record<string, string>) =>
    [...query.matchAll(/\b(service_name|slo|service)="((?:[^"\\]|\\.)*)"/g)].every(
      ([, label, value]) => labels[label!] === undefined || labels[label!] === JSON.parse(`"${value}"`),
    );
  return {
    async query(query): Promise<readonly Sample[]> {
      return answerTo(query)
        .filter(([labels]) => chosen(query, labels))
        .map(([labels, of]) => ({ labels, value: of(nowSeconds) }));
    },
    async queryRange({ query, startSeconds, endSeconds, stepSeconds }) {
      const times: number[] = [];
      for (let at = startSeconds; at <= endSeconds; at += stepSeconds) times.push(at);
      return {
        warnings: [],
        series: answerTo(query)
          .filter(([labels]) => chosen(query, labels))
          .map(
            ([labels, of]): RangeSeries => ({
              labels,
              samples: times.map((at) => [at, String(of(at))] as const),
            }),
          ),
      };
    },
  };
}
