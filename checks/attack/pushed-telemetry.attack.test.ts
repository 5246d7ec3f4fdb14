import { randomBytes } from 'node:crypto';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { PROBE_TRACESTATE, servedInTrace, TRACE_RESPONSE_HEADER } from '@aiops-sre/conventions/probe.ts';
import { expect } from 'vitest';
import { eventually, stackUnderTest } from '../testing/stack-under-test.ts';
import { attack } from './testing/attack.ts';

const stack = stackUnderTest();
const ARRIVES_MS = 30_000;

type Attributes = Readonly<Record<string, string>>;
const asOtlp = (attributes: Attributes) =>
  Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }));
const nowNano = () => `${Date.now()}000000`;

interface Gauge {
  readonly name: string;
  readonly value?: number;
  readonly attributes?: Attributes;
}

/** Pushes gauges over OTLP as a stock SDK does, under any resource; with a mark of its own, by which its arrival is seen. */
async function push(resource: Attributes, gauges: readonly Gauge[], headers: Attributes = {}): Promise<void> {
  const metrics = gauges.map(({ name, value = 1, attributes = {} }) => ({
    name,
    gauge: { dataPoints: [{ timeUnixNano: nowNano(), asDouble: value, attributes: asOtlp(attributes) }] },
  }));
  const { status } = await stack.http.post(
    stack.url('otlpHttp', '/v1/metrics'),
    { resourceMetrics: [{ resource: { attributes: asOtlp(resource) }, scopeMetrics: [{ metrics }] }] },
    { headers },
  );
  expect(status).toBe(200);
}

const count = async (selector: string) => (await stack.prometheus.value(`count(${selector})`)) ?? 0;

/** Pushes, waits until the push has come through, and returns by which mark that is seen. */
async function pushAndAwait(resource: Attributes, gauges: readonly Gauge[]): Promise<string> {
  const mark = `attack_${randomBytes(4).toString('hex')}`;
  await push(resource, [{ name: mark }, ...gauges]);
  await eventually(`push with ${mark}`, ARRIVES_MS, async () => (await count(mark)) > 0);
  return mark;
}

const CLAIMS: readonly [string, Attributes][] = [
  ['a service and namespace of the demo', { 'service.name': 'storefront', 'service.namespace': 'demo' }],
  ['a namespace within the name', { 'service.name': 'demo/storefront' }],
  ['a job of a scrape', { 'service.name': 'demo-app' }],
  ['a component', { 'service.name': 'prometheus', 'service.instance.id': 'storefront-1' }],
  ['a namespace with a slash', { 'service.name': 'x', 'service.namespace': 'demo/storefront' }],
  ['nothing', {}],
];
for (const [what, resource] of CLAIMS)
  attack('pushed metrics', `the name of another: ${what}`, async () => {
    const mark = await pushAndAwait(resource, []);
    const jobs = await stack.prometheus.query(`${mark}`);
    const [job] = jobs.map(({ labels }) => labels.job);
    expect(job).toMatch(/^(?!demo\/).+\/.+$/);
    expect(await count(`{job="${job}",__name__="up"}`)).toBe(0);
    return `job is ${job}`;
  });

attack('pushed metrics', 'the name of another, with a wrong key', async () => {
  const mark = `attack_${randomBytes(4).toString('hex')}`;
  await push({ 'service.name': 'storefront', 'service.namespace': 'demo' }, [{ name: mark }], {
    'x-aiops-otlp-key': 'a'.repeat(43),
  });
  await eventually(mark, ARRIVES_MS, async () => (await count(mark)) > 0);
  expect(await count(`${mark}{job="demo/storefront"}`)).toBe(0);
  return 'unverified/unverified-storefront';
});

attack('pushed metrics', 'up, ALERTS, recorded and platform series', async () => {
  const labels = { service: 'fulfillment', instance: 'fulfillment-1', job: 'demo-app', slo: 'x' };
  const names = [
    'up',
    'ALERTS',
    'slo:sli_bad:rate5m',
    'service:instances_up:ratio',
    'anomaly_score',
    'aiops.open_incidents',
  ];
  const mark = await pushAndAwait(
    { 'service.name': 'forger' },
    names.map((name) => ({ name, value: 0, attributes: { ...labels, forged: 'yes' } })),
  );
  expect(await count(mark)).toBe(1);
  expect(await count('{forged="yes"}')).toBe(0);
  return 'dropped';
});

attack('pushed metrics', "the SLI's counter, with another's label service", async () => {
  const mark = await pushAndAwait({ 'service.name': 'forger' }, [
    { name: 'http_requests_total', value: 1e9, attributes: { service: 'storefront', status_class: '5xx' } },
    {
      name: 'process_resident_memory_bytes',
      attributes: { service: 'fulfillment', instance: 'fulfillment-1' },
    },
  ]);
  expect(await count(mark)).toBe(1);
  expect(await count(`${METRICS.httpRequests}{service="storefront",job!="demo-app"}`)).toBe(0);
  expect(await count('{exported_service="storefront"}')).toBe(1);
  expect(await count('{job="otlp/forger",instance="fulfillment-1"}')).toBe(0);
  return 'label becomes exported_service';
});

attack('pushed spans', "spans of another's service, in its span metrics", async () => {
  const before = await count(`${METRICS.spanCalls}{service_name="storefront"}`);
  const name = `forged-${randomBytes(4).toString('hex')}`;
  const resource = { attributes: asOtlp({ 'service.name': 'storefront', 'service.namespace': 'demo' }) };
  const span = {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name,
    kind: 2,
    startTimeUnixNano: nowNano(),
    endTimeUnixNano: nowNano(),
    status: { code: 2 },
  };
  await stack.http.post(stack.url('otlpHttp', '/v1/traces'), {
    resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }],
  });
  await eventually(
    'span metrics',
    ARRIVES_MS,
    async () => (await count(`${METRICS.spanCalls}{span_name="${name}"}`)) > 0,
  );
  expect(await count(`${METRICS.spanCalls}{service_name="storefront",span_name="${name}"}`)).toBe(0);
  expect(before).toBeGreaterThan(0);
  return 'service is unverified-storefront';
});

attack(
  'pushed metrics',
  '10,000 series with 2,000 names in one push',
  async () => {
    const { storefront, otlp } = {
      storefront: await count('{job="demo/storefront"}'),
      otlp: await stack.prometheus.value('up{job="otlp"}'),
    };
    const gauges = Array.from({ length: 10_000 }, (_, n) => ({
      name: `flood_${Math.floor(n / 5)}`,
      attributes: { n: `${n}` },
    }));
    await push({ 'service.name': 'flooder' }, gauges);
    const neighbour = await pushAndAwait({ 'service.name': 'neighbour' }, []);
    const left = await count('{job="otlp/flooder"}');
    expect(left).toBeLessThanOrEqual(2_000);
    expect(await count(neighbour)).toBe(1);
    expect([storefront > 0, otlp]).toEqual([true, 1]);
    await eventually('alert CardinalityLimitReached', 60_000, async () => {
      const alerts = await stack.prometheus.alerts();
      return alerts.some(({ labels }) => labels.alertname === 'CardinalityLimitReached');
    });
    return `${left} series, CardinalityLimitReached fires`;
  },
  120_000,
);

attack('pushed metrics', 'a metric of the application under another type', async () => {
  await pushAndAwait({ 'service.name': 'forger' }, [{ name: 'http.server.request.duration' }]);
  const before = await stack.prometheus.value(
    `sum(${METRICS.httpServerDuration}_count{job="demo/storefront"})`,
  );
  await eventually('counts that go on', ARRIVES_MS, async () => {
    const now = await stack.prometheus.value(
      `sum(${METRICS.httpServerDuration}_count{job="demo/storefront"})`,
    );
    return now! > before!;
  });
  return 'kept apart';
});

attack('a visitor’s trace', 'traceparent unsampled, tracestate of a probe', async () => {
  const traceId = randomBytes(16).toString('hex');
  for (const flags of ['00', '01']) {
    const { headers } = await stack.http.get(stack.url('storefront', '/api/products'), {
      headers: {
        traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-${flags}`,
        tracestate: `${PROBE_TRACESTATE.key}=${PROBE_TRACESTATE.value}`,
      },
    });
    const served = servedInTrace(headers[TRACE_RESPONSE_HEADER])!;
    expect(served).not.toBe(traceId);
    await eventually('trace of the edge', ARRIVES_MS, async () => (await stack.spans(served)).length > 0);
  }
  expect(await stack.spans(traceId)).toEqual([]);
  return 'a trace of its own';
});

// Last: for minutes nothing of this sender's quarter is taken.
attack(
  'pushed metrics',
  'push upon push of new series, until a limit is reached',
  async () => {
    for (let round = 0; round < 3; round += 1)
      await push(
        { 'service.name': 'flooder' },
        Array.from({ length: 1_500 }, (_, n) => ({ name: `more_${round}`, attributes: { n: `${n}` } })),
      );
    await eventually('limit of its quarter', ARRIVES_MS, async () => {
      return (await stack.prometheus.value('count(up{job="otlp-unverified"} == 0)')) === 1;
    });
    const neighbours = Array.from({ length: 12 }, (_, n) => `neighbour-${n}`);
    for (const name of neighbours) await push({ 'service.name': name }, [{ name: 'attack_neighbour' }]);
    const seen = await eventually('most of its neighbours', ARRIVES_MS, async () => {
      const there = await count('attack_neighbour');
      return there >= neighbours.length / 2 && there;
    });
    expect(await stack.prometheus.value('min(up{job="otlp"})')).toBe(1);
    return `${seen} of ${neighbours.length} neighbours and the application go on`;
  },
  120_000,
);
