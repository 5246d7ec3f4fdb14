import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { EVERY, requestFailedShare, requestRate, SERVICE } from '@aiops-sre/conventions/queries/requests.ts';
import * as slo from '@aiops-sre/conventions/queries/slo.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import {
  type Labels,
  type RangeSeries,
  type Sample,
  sampleValue,
} from '@aiops-sre/service-kit/prometheus/samples.ts';
import { latestRange } from '../graphs/range.ts';
import {
  type Board,
  type BoardAnomaly,
  type BoardService,
  type BoardSlo,
  BUDGET_PAST_DAYS,
  latestOf,
  type Past,
} from './board.ts';

const HOUR = { seconds: 3600, stepSeconds: 120 };
const BUDGET_PAST = { seconds: BUDGET_PAST_DAYS * 86_400, stepSeconds: 43_200 };
const RATE_WINDOW = '2m';
const MOST_ANOMALIES = 8;
const MOST_CALLS = 120;
const MOST_DOWN = 20;

const { anomalyValue, anomalyExpected, anomalyLower, anomalyUpper, anomalyActive } = METRICS;
const ANOMALY = `{__name__=~"${[anomalyValue, anomalyExpected, anomalyLower, anomalyUpper].join('|')}"}`;
/** The past of what is an anomaly now. */
const ANOMALIES = `${ANOMALY} and ignoring (__name__) (${anomalyActive} @ end() == 1)`;
const calls = (metric: string) => `sum by (client, server) (rate(${metric}{client!="",server!=""}[5m]))`;

export type BoardReader = Pick<PrometheusClient, 'query' | 'queryRange'>;

/** Asks Prometheus everything at once. Never rejects: what it does not answer is `missing`, and the rest stands. */
export async function readBoard(prometheus: BoardReader, nowMs: number): Promise<Board> {
  const failures = new Map<string, string>();
  let asked = 0;
  async function answer<T>(what: string, question: Promise<T>, otherwise: T): Promise<T> {
    asked += 1;
    try {
      return await question;
    } catch (error) {
      failures.set(what, (error as Error).message);
      return otherwise;
    }
  }
  const now = (what: string, query: string) => answer(what, prometheus.query(query), [] as readonly Sample[]);
  const past = async (what: string, query: string, span: typeof HOUR) => {
    const range = latestRange(span.seconds, span.stepSeconds, nowMs);
    const { series } = await answer(what, prometheus.queryRange({ query, ...range }), {
      series: [],
      warnings: [],
    });
    return series.map(({ labels, samples }) => ({ labels, past: pastOf({ labels, samples }, range) }));
  };

  const ALL = slo.ALL_SLOS;
  const [
    states,
    objectives,
    budgets,
    burns,
    exhaustions,
    budgetPasts,
    rates,
    failed,
    p95s,
    active,
    anomalies,
    ...platform
  ] = await Promise.all([
    now('states of SLOs', slo.state(ALL)),
    now('objectives', slo.objective(ALL)),
    now('budgets', slo.budgetRemaining(ALL)),
    now('burn rates', slo.burnRate(ALL, '1h')),
    now('forecasts of budgets', slo.timeToExhaustion(ALL)),
    past('pasts of budgets', slo.budgetRemaining(ALL), BUDGET_PAST),
    past('requests', requestRate(EVERY, RATE_WINDOW), HOUR),
    past('failures', requestFailedShare(EVERY, RATE_WINDOW), HOUR),
    past('times to answer', METRICS.serviceAnsweredWithin, HOUR),
    now('anomalies', `${anomalyActive} == 1`),
    past('bands of anomalies', ANOMALIES, HOUR),
    now('calls between services', `topk(${MOST_CALLS}, ${calls(METRICS.serviceGraphRequests)} > 0)`),
    now('failed calls', calls(METRICS.serviceGraphFailed)),
    now('targets', 'up'),
    now('readiness of components', `${METRICS.componentReady} == 0`),
  ]);
  const [called, failedCalls, targets, notReady] = platform as [
    readonly Sample[],
    readonly Sample[],
    readonly Sample[],
    readonly Sample[],
  ];

  const slos = sloReadings({ states, objectives, budgets, burns, exhaustions }, budgetPasts);
  const failedOf = bySample(failedCalls, callKey);
  return {
    atMs: nowMs,
    slos,
    services: serviceReadings({ rates, failed, p95s }, slos, active),
    anomalies: anomalyReadings(active, anomalies),
    calls: called.map(({ labels, value }) => ({
      client: labels.client ?? '',
      server: labels.server ?? '',
      rate: value,
      failedShare: value > 0 ? Math.min(1, (failedOf.get(callKey(labels)) ?? 0) / value) : 0,
    })),
    targets: {
      all: targets.length,
      down: targets
        .filter(({ value }) => value === 0)
        .slice(0, MOST_DOWN)
        .map(({ labels }) => `${labels.job ?? ''} on ${labels.instance ?? ''}`),
    },
    notReady: notReady.map(({ labels }) => labels.component ?? ''),
    grafana: targets.some(({ labels, value }) => labels.job === 'grafana' && value === 1),
    missing: missingIn(failures, asked),
  };
}

function missingIn(failures: ReadonlyMap<string, string>, asked: number): readonly string[] {
  const [reason = ''] = failures.values();
  if (failures.size === 0) return [];
  return failures.size === asked
    ? [`Prometheus does not answer: no SLO, service or anomaly can be seen. ${reason}`]
    : [`Prometheus did not answer about ${[...failures.keys()].join(', ')}. ${reason}`];
}

function pastOf(
  { samples }: RangeSeries,
  {
    startSeconds,
    endSeconds,
    stepSeconds,
  }: { startSeconds: number; endSeconds: number; stepSeconds: number },
): Past {
  const values: (number | null)[] = Array.from(
    { length: Math.floor((endSeconds - startSeconds) / stepSeconds) + 1 },
    () => null,
  );
  for (const [atSeconds, text] of samples) {
    const value = sampleValue(text);
    const index = Math.round((atSeconds - startSeconds) / stepSeconds);
    if (Number.isFinite(value) && index >= 0 && index < values.length) values[index] = value;
  }
  return values;
}

const sloKey = ({ slo: name = '', service = '' }: Labels) => JSON.stringify([name, service]);
const callKey = ({ client = '', server = '' }: Labels) => JSON.stringify([client, server]);
const bySample = (samples: readonly Sample[], key: (labels: Labels) => string) =>
  new Map(samples.map(({ labels, value }) => [key(labels), value]));

function sloReadings(
  samples: Readonly<Record<'states' | 'objectives' | 'budgets' | 'burns' | 'exhaustions', readonly Sample[]>>,
  pasts: readonly { readonly labels: Labels; readonly past: Past }[],
): BoardSlo[] {
  const [objectives, budgets, burns, exhaustions] = [
    samples.objectives,
    samples.budgets,
    samples.burns,
    samples.exhaustions,
  ].map((each) => bySample(each, sloKey)) as [
    Map<string, number>,
    Map<string, number>,
    Map<string, number>,
    Map<string, number>,
  ];
  const pastOfSlo = new Map(pasts.map(({ labels, past }) => [sloKey(labels), past]));
  return samples.states
    .map(({ labels, value }) => {
      const key = sloKey(labels);
      const exhaustion = exhaustions.get(key) ?? slo.NEVER_SECONDS;
      return {
        name: labels.slo ?? '',
        service: labels.service ?? '',
        state: value,
        objective: objectives.get(key) ?? null,
        budgetLeft: budgets.get(key) ?? null,
        burnRate: burns.get(key) ?? null,
        exhaustionSeconds: exhaustion < slo.NEVER_SECONDS ? exhaustion : null,
        budgetPast: pastOfSlo.get(key) ?? [],
      };
    })
    .toSorted(
      (a, b) =>
        b.state - a.state || (a.budgetLeft ?? 1) - (b.budgetLeft ?? 1) || a.name.localeCompare(b.name),
    );
}

function serviceReadings(
  pasts: Readonly<
    Record<'rates' | 'failed' | 'p95s', readonly { readonly labels: Labels; readonly past: Past }[]>
  >,
  slos: readonly BoardSlo[],
  active: readonly Sample[],
): BoardService[] {
  const of = (each: (typeof pasts)['rates']) =>
    new Map(each.map(({ labels, past }) => [labels[SERVICE] ?? '', past]));
  const [rates, failed, p95s] = [of(pasts.rates), of(pasts.failed), of(pasts.p95s)];
  const states = Map.groupBy(slos, ({ service }) => service);
  const anomalies = Map.groupBy(active, ({ labels }) => labels.service ?? '');
  const names = new Set([...rates.keys(), ...states.keys()]);
  return [...names]
    .map((name) => ({
      name,
      rate: rates.get(name) ?? [],
      failed: failed.get(name) ?? [],
      p95: p95s.get(name) ?? [],
      state: states.has(name) ? Math.max(...states.get(name)!.map(({ state }) => state)) : null,
      anomalies: anomalies.get(name)?.length ?? 0,
    }))
    .toSorted(
      (a, b) =>
        (b.state ?? 0) - (a.state ?? 0) ||
        b.anomalies - a.anomalies ||
        (latestOf(b.failed) ?? 0) - (latestOf(a.failed) ?? 0) ||
        (latestOf(b.rate) ?? 0) - (latestOf(a.rate) ?? 0) ||
        a.name.localeCompare(b.name),
    );
}

/** What the scrape adds; an instance that is an address is the detector's own. */
function tellingLabels(labels: Labels): Labels {
  return Object.fromEntries(
    Object.entries(labels).filter(
      ([name, value]) =>
        !['__name__', 'job', 'rule', 'service'].includes(name) &&
        !(name === 'instance' && value.includes(':')),
    ),
  );
}

function anomalyReadings(
  active: readonly Sample[],
  pasts: readonly { readonly labels: Labels; readonly past: Past }[],
): BoardAnomaly[] {
  const keyOf = ({ __name__: _name, ...labels }: Labels) => JSON.stringify(Object.entries(labels).sort());
  const bySeries = Map.groupBy(pasts, ({ labels }) => keyOf(labels));
  return active.slice(0, MOST_ANOMALIES).map(({ labels }) => {
    const of = (name: string) =>
      bySeries.get(keyOf(labels))?.find((each) => each.labels.__name__ === name)?.past ?? [];
    return {
      rule: labels.rule ?? '',
      service: labels.service ?? '',
      labels: tellingLabels(labels),
      value: of(anomalyValue),
      expected: of(anomalyExpected),
      lower: of(anomalyLower),
      upper: of(anomalyUpper),
    };
  });
}
