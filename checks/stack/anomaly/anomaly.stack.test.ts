import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { FULFILLMENT_INSTANCES } from '@aiops-sre/conventions/services.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, stackUnderTest } from '../../testing/stack-under-test.ts';
import { anomalyAlerts, identityOf, wordsOf } from './anomaly-alerts.ts';

/*
 * Faults of different series, all at once: each has to lead to one alert of its own. The restart of everything comes
 * when the others are over, but for the surge, whose window of five minutes takes longest to forget.
 */
const stack = stackUnderTest();
const alerts = anomalyAlerts(stack);
const TIMEOUT_MS = 900_000;
const RAISED_WITHIN_MS = 420_000;
const RESOLVED_WITHIN_MS = 600_000;
/** By then a deviation that a restart may have caused has been in a window of two minutes and in two evaluations. */
const AFTERMATH_SECONDS = 150;

const GONE = 'fulfillment-1';
const SURGING = ['fulfillment-2', 'fulfillment-3'] as const;
const LEAKING = 'fulfillment-4';
const ALL_RULES = [
  'fulfillment_documents',
  'fulfillment_instance_documents',
  'process_memory',
  'storefront_latency_p95',
  'storefront_requests',
];
const over = new Set<string>();
/** Set when all is quiet. */
let faultsFromMs = Number.NaN;

/** Runs the life of one fault and cures it, however that ended; the restart of everything waits for it. */
async function withFault(rule: string, cure: () => unknown, life: () => Promise<void>) {
  try {
    await life();
  } finally {
    await cure();
    over.add(rule);
  }
}

/** Rates have to be whole before something drops: the live series and the history that was made have a seam. */
const ORDINARY_MOMENTS = 6;
const ordinaryMoments = `sum(count_over_time((${METRICS.anomalyValue}{rule="storefront_requests"} >= 0.8 * ${METRICS.anomalyExpected})[${ORDINARY_MOMENTS / 2}m:30s]))`;

beforeAll(
  () =>
    eventually('ordinary traffic', 360_000, async () => {
      const moments = (await stack.prometheus.value(ordinaryMoments)) ?? 0;
      const calm = (await stack.activeAlerts(`alertname="${ALERTS.anomaly}"`)).length === 0;
      return calm && moments >= ORDINARY_MOMENTS;
    }),
  400_000,
);
afterAll(() => stack.supervisor.act('anomaly-detector', 'start'));

test('nothing out of the ordinary is found while all is quiet', async () => {
  faultsFromMs = Date.now();
  const since = (faultsFromMs - ORDINARY_MOMENTS * 30_000) / 1000;
  expect((await alerts.reported()).filter(({ startsAtSeconds }) => startsAtSeconds >= since)).toEqual([]);
});

describe.concurrent('on the running stack', () => {
  test(
    'a drop of the traffic is one alert, also when the detector is killed meanwhile',
    {
      timeout: TIMEOUT_MS,
    },
    () =>
      withFault(
        'storefront_requests',
        () => stack.setTraffic('normal'),
        async () => {
          stack.setTraffic('third');
          const alert = await alerts.raised('storefront_requests', RAISED_WITHIN_MS);
          expect(alert.annotations.summary).toMatch(
            /^Request rate of the storefront is \d+ % lower than expected$/,
          );
          expect(wordsOf(alert)).toMatch(/^Seen: [\d.]+ requests\/s at its furthest .* Off since .* UTC/m);
          expect(wordsOf(alert)).toMatch(/^Expected: .* rhythm of the (day|week).* learnt since \d{4}-/m);
          expect(wordsOf(alert)).toMatch(/^Onset: suddenly, it was still [\d.]+ requests\/s at/m);
          expect(wordsOf(alert)).toContain('up{service="storefront"}');
          expect(wordsOf(alert)).toContain('compare the revision before and after and roll back');

          await stack.supervisor.act('anomaly-detector', 'kill');
          const killedMs = Date.now();
          await stack.supervisor.act('anomaly-detector', 'start');
          const again = await eventually(
            'alert sent by the detector that was started anew',
            120_000,
            async () =>
              (await alerts.active('storefront_requests')).find(({ updatedAtMs }) => updatedAtMs > killedMs),
          );
          expect(identityOf(again)).toEqual(identityOf(alert));

          stack.setTraffic('normal');
          await alerts.resolved('storefront_requests', RESOLVED_WITHIN_MS);
        },
      ),
  );

  test('a shift of the latency is one alert', { timeout: TIMEOUT_MS }, () =>
    withFault(
      'storefront_latency_p95',
      () => stack.clearFaults('identity'),
      async () => {
        await stack.setFaults({ latencyMs: 300, durationSeconds: 900 }, 'identity');
        const alert = await alerts.raised('storefront_latency_p95', RAISED_WITHIN_MS);
        expect(alert.annotations.summary).toMatch(
          /^95th percentile of the storefront's latency is [\d.]+ times as high as expected$/,
        );
        expect(wordsOf(alert)).toMatch(/^Onset: suddenly, it was still 0\.\d+ s at/m);
        expect(wordsOf(alert)).toContain('If identity is slow');
        await stack.clearFaults('identity');
        await alerts.resolved('storefront_latency_p95', RESOLVED_WITHIN_MS);
      },
    ),
  );

  test('a series that vanishes with its instance is one alert', { timeout: TIMEOUT_MS }, () =>
    withFault(
      'fulfillment_instance_documents',
      () => stack.supervisor.act(GONE, 'start'),
      async () => {
        await stack.supervisor.act(GONE, 'stop');
        const alert = await alerts.raised('fulfillment_instance_documents', RAISED_WITHIN_MS);
        expect(alert.annotations.summary).toBe(`Rate of documents at one instance (${GONE}) has vanished`);
        expect(wordsOf(alert)).toMatch(/^Seen: no sample since .*, while Prometheus takes in others\./m);
        expect(wordsOf(alert)).toContain('look at its last log lines, then start it again');
        await stack.supervisor.act(GONE, 'start');
        await alerts.resolved('fulfillment_instance_documents', RESOLVED_WITHIN_MS);
      },
    ),
  );

  test('a slow drift is one alert that says so', { timeout: TIMEOUT_MS }, () =>
    withFault(
      'process_memory',
      () => stack.clearFaults(LEAKING),
      async () => {
        await stack.setFaults({ memoryLeakMbPerMinute: 30, durationSeconds: 900 }, LEAKING);
        const alert = await alerts.raised('process_memory', RAISED_WITHIN_MS);
        expect(alert.annotations.summary).toMatch(
          new RegExp(
            `^Resident memory \\(${LEAKING}\\) is ([\\d.]+ times as high as|\\d+ % higher than) expected$`,
          ),
        );
        expect(wordsOf(alert)).toMatch(/^Onset: gradually, it was on its way already with 1\d\d MB at/m);
        expect(wordsOf(alert)).toContain('Take a heap snapshot before a restart');
        await stack.supervisor.act(LEAKING, 'restart');
        await alerts.resolved('process_memory', RESOLVED_WITHIN_MS);
      },
    ),
  );

  test('a surge is one alert, whatever drops elsewhere', { timeout: TIMEOUT_MS }, async () => {
    const surge = documentsOf(5, SURGING);
    try {
      const alert = await alerts.raised('fulfillment_documents', RAISED_WITHIN_MS);
      expect(alert.annotations.summary).toMatch(
        /^Rate of documents at fulfillment is [\d.]+ (times as high as|% higher than) expected$/,
      );
      expect(wordsOf(alert)).toMatch(/^Onset: suddenly, it was still 0?\.?\d+ documents\/s at/m);
    } finally {
      surge.stop();
    }
    await alerts.resolved('fulfillment_documents', RESOLVED_WITHIN_MS);
  });

  test('a restart of everything, one after the other as a deploy does it, is none', {
    timeout: TIMEOUT_MS,
  }, async () => {
    await eventually(
      'end of all faults but the surge',
      TIMEOUT_MS,
      async () => over.size === ALL_RULES.length - 1,
    );
    const before = await alerts.reported();
    for (const name of [
      'identity',
      ...FULFILLMENT_INSTANCES.map(({ instance }) => instance),
      'storefront',
    ] as const) {
      await stack.supervisor.act(name, 'restart');
      await eventually(`ready ${name}`, 60_000, async () => {
        const { status } = await stack.http.get(stack.url(name, '/readyz'));
        return status === 200;
      });
    }
    const judgedSeconds = Date.now() / 1000 + AFTERMATH_SECONDS;
    await eventually('evaluation of the minutes after it', 2 * AFTERMATH_SECONDS * 1000, async () => {
      return (await alerts.evaluatedUntilSeconds()) > judgedSeconds;
    });
    const ids = (all: typeof before) => all.map(({ anomalyId }) => anomalyId).toSorted();
    expect(ids(await alerts.reported())).toEqual(ids(before));
  });
});

test('each of them was told once: to Alertmanager, and by it to the webhook', async () => {
  const since = (await alerts.reported()).filter(
    ({ startsAtSeconds }) => startsAtSeconds * 1000 >= faultsFromMs,
  );
  expect(since.map(({ rule }) => rule).toSorted()).toEqual(ALL_RULES);
  const predictions = await stack.notifications(ALERTS.predictedBreach);
  expect(predictions.filter(({ receivedAt }) => Date.parse(receivedAt) > faultsFromMs)).toEqual([]);

  const notifications = await stack.notifications(ALERTS.anomaly);
  expect(notifications.filter(({ deliveries }) => deliveries > 1)).toEqual([]);
  const starts = Map.groupBy(
    notifications
      .flatMap(({ alerts: told }) => told)
      .filter(({ startsAt }) => Date.parse(startsAt) >= faultsFromMs),
    ({ labels }) => labels.rule,
  );
  for (const [rule, told] of starts)
    expect(
      new Set(told.map(({ startsAt, annotations }) => `${rule} ${startsAt} ${annotations.anomaly_id}`)).size,
    ).toBe(1);
  expect([...starts.keys()]).toContain('storefront_requests');
});

/** Sends documents straight to the instances in turn, at an even rate, until it is stopped. */
function documentsOf(
  perSecond: number,
  instances: readonly (typeof FULFILLMENT_INSTANCES)[number]['instance'][],
) {
  let sent = 0;
  const timer = setInterval(() => {
    const instance = instances[sent % instances.length]!;
    sent += 1;
    // Its answers do not matter: that it came shows in the counters.
    stack.http.post(stack.url(instance, '/api/documents'), { kind: 'invoice', pages: 1 }).catch(() => {});
  }, 1000 / perSecond);
  return { stop: () => clearInterval(timer) };
}
