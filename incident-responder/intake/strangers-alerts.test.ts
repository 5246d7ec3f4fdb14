import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertPayload, webhookPayload } from '../testing/payloads.ts';
import { startTestResponder, type TestResponder } from '../testing/test-responder.ts';

let responder: TestResponder;
beforeEach(async () => {
  responder = await startTestResponder();
});
afterEach(() => responder.close());

interface Listed {
  readonly id: number;
  readonly status: string;
  readonly severity: string;
  readonly services: readonly string[];
  readonly startedAt: string;
  readonly detectedAt: string;
  readonly alertCount: number;
}
const incidents = async () =>
  ((await responder.getJson('/api/incidents')) as unknown as { incidents: Listed[] }).incidents;
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
/** An alert with these labels and no others. */
const stranger = (fingerprint: string, labels: Record<string, string>, startsAt = ago(2)) => ({
  ...alertPayload({ fingerprint, startsAt }),
  labels: labels as ReturnType<typeof alertPayload>['labels'],
});
const implausible = (problem: string) =>
  responder.metric(`incident_responder_implausible_times_total{problem="${problem}"}`);

it.each<[string, Record<string, unknown>, string]>([
  ['without alertname', { labels: { severity: 'page', source: 'cron-script' } }, 'alertname is missing'],
  ['with an empty alertname', { labels: { alertname: '' } }, 'alertname is missing'],
  ['without a start', { startsAt: undefined }, 'startsAt'],
  ['with a status nobody knows', { status: 'pending' }, 'status'],
])('one alert %s is left out, named and counted; the other nine count', async (_case, change, problem) => {
  const good = Array.from({ length: 9 }, (_, index) =>
    alertPayload({ fingerprint: `b${index}`, labels: { instance: `n${index}` } }),
  );
  const bad = { ...alertPayload({ fingerprint: 'ff' }), ...change } as ReturnType<typeof alertPayload>;
  const answer = await responder.deliver(webhookPayload([...good, bad]));
  expect(answer.status).toBe(200);
  expect(((await answer.json()) as { refused: string[] }).refused).toEqual([
    expect.stringContaining(problem),
  ]);
  expect((await responder.getJson('/api/alerts')).alerts).toHaveLength(9);
  expect(await responder.metric('incident_responder_refused_alerts_total')).toBe(1);
  expect(responder.logged.join('')).toMatch(/alerts\.9.*alerts left out/);
});

it('a notification without one good alert is refused', async () => {
  const nameless = { ...alertPayload(), labels: { severity: 'page' } } as never;
  expect((await responder.deliver(webhookPayload([nameless]))).status).toBe(400);
});

it('what another sender leaves out, or makes numbers of, is filled in', async () => {
  const { endsAt: _end, fingerprint: _fingerprint, generatorURL: _url, ...bare } = alertPayload();
  const alert = { ...bare, annotations: { summary: 'x', value: 3 } } as never;
  expect((await responder.deliver(webhookPayload([alert], { truncatedAlerts: undefined }))).status).toBe(200);
  expect((await responder.getJson('/api/alerts')).alerts).toMatchObject([
    { fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/), annotations: { value: '3' } },
  ]);
});

it('an alert that fires, ends and fires again word for word opens its incident again', async () => {
  const firing = webhookPayload([alertPayload({ startsAt: ago(30) })]);
  const ended = webhookPayload([alertPayload({ startsAt: ago(30), status: 'resolved' })]);
  expect((await responder.deliver(firing)).status).toBe(200);
  ended.alerts[0]!.startsAt = firing.alerts[0]!.startsAt;
  expect((await responder.deliver(ended)).status).toBe(200);
  expect(await incidents()).toMatchObject([{ id: 1, status: 'resolved' }]);
  expect((await responder.deliver(firing)).status).toBe(200);
  expect((await responder.deliver(firing)).status).toBe(200);
  expect(await incidents()).toMatchObject([{ id: 1, status: 'open' }]);
  expect((await responder.getJson('/api/alerts')).alerts).toHaveLength(1);
});

describe('a start that is not to be believed', () => {
  it.each([
    ['year 1', 'start-unknown', '0001-01-01T00:00:00Z'],
    ['1970', 'start-unknown', '1970-01-01T00:00:00Z'],
    ['an hour ahead', 'start-ahead', new Date(Date.now() + 3_600_000).toISOString()],
  ])(
    '(%s) is when the alert was first heard of, counted once, and the mean time to resolve stays sane',
    async (_case, problem, startsAt) => {
      const alert = alertPayload({ startsAt });
      await responder.deliver(webhookPayload([alert]));
      const [incident] = await incidents();
      expect(Math.abs(Date.parse(incident!.startedAt) - Date.now())).toBeLessThan(30_000);
      expect(await implausible(problem)).toBe(1);
      expect(responder.logged.join('')).toContain('times of an alert not believed');
      await responder.deliver(
        webhookPayload([{ ...alert, status: 'resolved' as const, endsAt: new Date().toISOString() }]),
      );
      expect(await incidents()).toMatchObject([{ id: 1, status: 'resolved' }]);
      const meanSeconds = await responder.metric('aiops_mttr_seconds{scope="kept"}');
      expect(meanSeconds).toBeGreaterThanOrEqual(0);
      expect(meanSeconds).toBeLessThan(60);
    },
  );

  it('stays what it was when the alert is repeated', async () => {
    const alert = alertPayload({ startsAt: '0001-01-01T00:00:00Z' });
    await responder.deliver(webhookPayload([alert]));
    const start = async () =>
      (await responder.getJson('/api/alerts')).alerts.map((each) => (each as { startsAt: string }).startsAt);
    const before = await start();
    await responder.deliver(webhookPayload([alert, alertPayload({ fingerprint: 'bb', startsAt: ago(1) })]));
    expect(await start()).toEqual(expect.arrayContaining(before));
  });

  it('draws no other alert into a time it did not have', async () => {
    await responder.deliver(
      webhookPayload([
        alertPayload({ startsAt: ago(2) }),
        alertPayload({ fingerprint: 'aa02', startsAt: '0001-01-01T00:00:00Z' }),
      ]),
    );
    const [incident] = await incidents();
    expect(Date.now() - Date.parse(incident!.startedAt)).toBeLessThan(180_000);
  });
});

describe('alerts without a service', () => {
  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['job and namespace', { job: 'node-exporter', instance: '10.0.0.4:9100' }, { namespace: 'payments' }],
    ['job', { job: 'node-exporter' }, { job: 'blackbox' }],
    [
      'namespace',
      { job: 'kube-state-metrics', namespace: 'a' },
      { job: 'kube-state-metrics', namespace: 'b' },
    ],
    ['instance', { job: 'node-exporter', instance: 'a:9100' }, { job: 'node-exporter', instance: 'b:9100' }],
  ])('are told apart by %s', async (_case, one, other) => {
    await responder.deliver(
      webhookPayload([
        stranger('d1', { alertname: 'DiskFull', severity: 'critical', ...one }),
        stranger('d2', { alertname: 'CertificateExpiresSoon', severity: 'critical', ...other }),
      ]),
    );
    expect(await incidents()).toMatchObject([
      { severity: 'SEV2', alertCount: 1 },
      { severity: 'SEV2', alertCount: 1 },
    ]);
  });

  it('belong together where all of these are the same', async () => {
    const where = { job: 'node-exporter', instance: 'a:9100', namespace: 'monitoring' };
    await responder.deliver(
      webhookPayload([
        stranger('d1', { alertname: 'DiskFull', severity: 'warning', ...where }),
        stranger('d2', { alertname: 'DiskFailing', severity: 'critical', ...where }),
      ]),
    );
    expect(await incidents()).toMatchObject([
      { services: ['monitoring/node-exporter/a:9100'], alertCount: 2 },
    ]);
  });
});

it.each([
  ['critical', 'SEV2'],
  ['Critical', 'SEV2'],
  ['warning', 'SEV3'],
  ['major', 'SEV3'],
  ['not-heard-of', 'SEV3'],
])('severity %s is %s', async (severity, expected) => {
  await responder.deliver(webhookPayload([alertPayload({ labels: { severity }, startsAt: ago(1) })]));
  expect(await incidents()).toMatchObject([{ severity: expected }]);
});

it('an informational alert of a stranger opens no incident', async () => {
  await responder.deliver(webhookPayload([alertPayload({ labels: { severity: 'none' } })]));
  expect(await incidents()).toEqual([]);
});

it("Grafana's own alerts are taken in, with what its webhook has beside", async () => {
  const alert = {
    ...alertPayload({ alertname: 'Queue too long' }),
    values: { B: 22 },
    silenceURL: 'http://g/silence',
  };
  const body = webhookPayload([alert], {
    version: '1',
    orgId: 1,
    title: '[FIRING:1]',
    state: 'alerting',
    message: 'x',
  });
  expect((await responder.deliver(body)).status).toBe(200);
  expect(await incidents()).toMatchObject([{ status: 'open', severity: 'SEV2', services: ['storefront'] }]);
  expect((await responder.getJson('/api/alerts')).alerts).toMatchObject([{ source: 'grafana' }]);
});

it('a drill is taken in, and is no incident', async () => {
  await responder.deliver(webhookPayload([alertPayload({ alertname: 'Drill', labels: { drill: 'true' } })]));
  expect((await responder.getJson('/api/alerts')).alerts).toHaveLength(1);
  expect(await incidents()).toEqual([]);
});
