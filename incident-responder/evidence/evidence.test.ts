import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { parser } from '@prometheus-io/lezer-promql';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FakePrometheus, startFakePrometheus } from '../testing/fake-prometheus.ts';
import { readEvidenceQueries } from './evidence-queries.ts';
import { gatherEvidence } from './gather-evidence.ts';

const SHIPPED = join(import.meta.dirname, 'queries.yaml');

let folder: string;
let prometheus: FakePrometheus;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'evidence-'));
  prometheus = await startFakePrometheus();
});
afterEach(async () => {
  await prometheus.close();
  rmSync(folder, { recursive: true });
});

function written(text: string): string {
  const file = join(folder, 'mine.yaml');
  writeFileSync(file, text);
  return file;
}

const ONSET_SECONDS = 1_700_000_000;
const gathered = (text: string) =>
  gatherEvidence(
    {
      queries: readEvidenceQueries(written(text)),
      prometheus: createPrometheusClient({ url: prometheus.url, timeoutMs: 5000 }),
      flagChanges: () => [],
      now: () => (ONSET_SECONDS + 120) * 1000,
    },
    ONSET_SECONDS * 1000,
  );
/** From one value to another, a minute before the onset. */
const since = (before: number, after: number) => (atSeconds: number) =>
  atSeconds < ONSET_SECONDS - 60 ? before : after;

const STRANGERS = `
requests:
  - query: istio_requests
    labels: { service: destination_app }
duration:
  - query: istio_duration
    labels: { service: destination_app }
  - query: nginx_duration
    labels: { service: upstream }
upRatio:
  - query: up_of_all
instanceFailedRatio:
  - query: istio_pod_failures
    labels: { service: destination_app, instance: pod }
deploys:
  - query: kube_new_images
    labels: { service: container, version: tag, revision: image_id }
versionsBefore:
  - query: kube_images_before
    labels: { service: container, version: tag, revision: image_id }
deployedAt:
  - query: kube_image_since
    labels: { service: container, revision: image_id }
`;

it("evidence comes from a stranger's metrics, whatever their labels are called", async () => {
  prometheus.answer(/istio_requests/, () => [{ labels: { destination_app: 'payments' }, value: 10 }]);
  prometheus.answer(/istio_duration/, () => [
    { labels: { destination_app: 'payments' }, value: since(0.1, 1.1) },
  ]);
  prometheus.answer(/nginx_duration/, () => [
    { labels: { upstream: 'payments' }, value: 1 },
    { labels: { upstream: 'legacy' }, value: since(2, 3) },
  ]);
  prometheus.answer(/up_of_all/, () => [{ labels: { service: 'payments' }, value: 0.5 }]);
  prometheus.answer(/istio_pod_failures/, () => [
    { labels: { destination_app: 'payments', pod: 'payments-7' }, value: 0.4 },
  ]);
  const image = { container: 'payments', tag: '2.1', image_id: 'abc' };
  prometheus.answer(/kube_new_images/, () => [{ labels: image, value: 1 }]);
  prometheus.answer(/kube_images_before/, () => [
    { labels: { container: 'payments', tag: '2.0', image_id: '2.0' }, value: 1 },
    { labels: { container: 'legacy', tag: '1.0', image_id: 'old' }, value: 1 },
  ]);
  prometheus.answer(/kube_image_since/, () => [{ labels: image, value: 1_700_000_000 }]);
  const { deviations, ...evidence } = await gathered(STRANGERS);
  const durations = new Map(deviations.map(({ service, troubles }) => [service, troubles.duration]));
  // Of the time since, seven half minutes until two minutes after the onset are slow, with 300 requests each.
  expect(durations.get('payments')).toMatchObject({ before: 0.1, excess: expect.closeTo(7 * 300, 0) });
  // Nobody counts those of the old one.
  expect(durations.get('legacy')).toMatchObject({ before: 2, excess: expect.closeTo(7) });
  expect(evidence).toEqual({
    services: [{ service: 'payments', upRatio: 0.5 }],
    instances: [{ service: 'payments', instance: 'payments-7', failedRatio: 0.4, usualFailedRatio: 0.4 }],
    anomalies: [],
    changes: [
      {
        kind: 'deploy',
        service: 'payments',
        subject: 'abc',
        from: '2.0',
        to: '2.1 abc',
        atMs: 1_700_000_000_000,
      },
    ],
    missing: [],
  });
  expect(prometheus.asked).toHaveLength(9);
});

it('instances that were down or failed since the onset count, though they have come back', async () => {
  prometheus.answer(/up_of_all/, () => [
    {
      labels: { service: 'payments' },
      value: (at) => (at < ONSET_SECONDS || at > ONSET_SECONDS + 60 ? 1 : 0.5),
    },
  ]);
  prometheus.answer(/istio_pod_failures/, () => [
    {
      labels: { destination_app: 'payments', pod: 'payments-7' },
      value: (at) => (at > ONSET_SECONDS && at < ONSET_SECONDS + 60 ? 0.9 : 0),
    },
  ]);
  const { services, instances } = await gathered(STRANGERS);
  expect(services).toEqual([{ service: 'payments', upRatio: 0.5 }]);
  expect(instances).toEqual([
    { service: 'payments', instance: 'payments-7', failedRatio: 0.9, usualFailedRatio: 0 },
  ]);
});

it('what an instance did in most of the hours before is usual of it, what it did once or unseen is not', async () => {
  const failing = (minutesBefore: readonly number[]) => (at: number) =>
    at > ONSET_SECONDS || minutesBefore.some((minutes) => Math.abs(ONSET_SECONDS - 60 * minutes - at) <= 300)
      ? 0.12
      : 0;
  prometheus.answer(/istio_pod_failures/, () => [
    { labels: { destination_app: 'payments', pod: 'hourly' }, value: failing([10, 70, 130]) },
    { labels: { destination_app: 'payments', pod: 'once' }, value: failing([40]) },
    {
      labels: { destination_app: 'payments', pod: 'new' },
      value: (at) => (at > ONSET_SECONDS - 600 ? 0.12 : Number.NaN),
    },
  ]);
  const { instances } = await gathered(STRANGERS);
  expect(instances.map(({ instance, usualFailedRatio }) => [instance, usualFailedRatio])).toEqual([
    ['hourly', 0.12],
    ['once', 0],
    ['new', 0],
  ]);
});

it('a version that is new is dated by itself, though its revision has long been there', async () => {
  const app = { service: 'storefront', revision: 'abc' };
  prometheus.answer(/new_versions/, () => [{ labels: { ...app, version: '1.1.0' }, value: 1 }]);
  prometheus.answer(/first_seen/, () => [
    { labels: { ...app, version: '1.0.0' }, value: ONSET_SECONDS - 3000 },
    { labels: { ...app, version: '1.1.0' }, value: ONSET_SECONDS - 60 },
  ]);
  const { changes } = await gathered(
    'deploys: [{ query: new_versions }]\ndeployedAt: [{ query: first_seen }]',
  );
  expect(changes).toMatchObject([
    { from: 'another revision', to: '1.1.0 abc', atMs: (ONSET_SECONDS - 60) * 1000 },
  ]);
});

it('a scrape that failed once is no outage', async () => {
  const downFor = (seconds: number) => {
    prometheus.answer(/up_of_all/, () => [
      {
        labels: { service: 'payments' },
        value: (at) => (at < ONSET_SECONDS || at > ONSET_SECONDS + seconds ? 1 : 0),
      },
    ]);
    return gathered(STRANGERS);
  };
  expect((await downFor(10)).services).toEqual([{ service: 'payments', upRatio: 1 }]);
  expect((await downFor(40)).services).toEqual([{ service: 'payments', upRatio: 0 }]);
});

it('a query without an answer is named, and the others count', async () => {
  prometheus.setDown(true);
  const { missing, services, deviations } = await gathered(STRANGERS);
  expect(missing.filter((each) => each.startsWith('duration: '))).toHaveLength(2);
  expect([services, deviations]).toEqual([[], []]);
});

it('an answer that lacks some of it is named and counts, a remark on the query is not', async () => {
  const missing = async (...warnings: string[]) => {
    prometheus.warn(...warnings);
    return (await gathered('upRatio: [{ query: up_of_all }]')).missing;
  };
  prometheus.answer(/up_of_all/, () => [{ labels: { service: 'payments' }, value: 0.5 }]);
  expect(await missing('PromQL info: metric might not be a counter')).toEqual([]);
  expect(await missing('store 2 unavailable')).toEqual(['upRatio: answered in part: store 2 unavailable']);
  expect((await gathered('upRatio: [{ query: up_of_all }]')).services).toHaveLength(1);
});

it.each([
  ['a query that is none', 'upRatio:\n  - query: avg(up', /mine\.yaml:2: upRatio\[0\]\.query: .*PromQL/],
  ['an unknown part', 'uptime: []\n', /mine\.yaml:1: uptime: found an unknown field; possible: requests/],
  [
    'a label that nothing is told apart by',
    'upRatio:\n  - query: up\n    labels: { host: node }\n',
    /mine\.yaml:3: upRatio\[0\]\.labels\.host: .*possible: service/,
  ],
])('%s is refused with its line', (_case, text, message) => {
  expect(() => readEvidenceQueries(written(text))).toThrow(message);
});

it('what is shipped asks for every part, of metrics that the platform has', () => {
  const known = [
    ...Object.values(METRICS),
    'up',
    'process_cpu_seconds_total',
    'process_resident_memory_bytes',
    'postgresql_backends',
    'postgresql_connection_max',
    'traces_service_graph_request_server_seconds_sum',
    'traces_service_graph_request_server_seconds_count',
    `${METRICS.serviceDuration}_sum`,
    `${METRICS.serviceDuration}_count`,
  ];
  for (const [part, questions] of Object.entries(readEvidenceQueries(SHIPPED))) {
    expect(questions, part).not.toEqual([]);
    for (const { query } of questions)
      parser.parse(query).iterate({
        enter({ name, from, to }) {
          if (name === 'Identifier') expect(known).toContain(query.slice(from, to));
        },
      });
  }
});
