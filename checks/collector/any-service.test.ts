import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RENAMED_ATTRIBUTES } from '@aiops-sre/conventions/semantic-attributes.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, ROOT } from '../testing/stack-under-test.ts';
import { type CollectorUnderTest, orWhyNot, otelcol, startCollector } from './testing/collector.ts';

const ARRIVES_MS = 20_000;
let collector: CollectorUnderTest;

beforeAll(async () => {
  // Nobody listens where its traces and logs go: they stay in its queue.
  if (otelcol)
    collector = await startCollector({
      TEMPO_OTLP_URL: 'http://127.0.0.1:1',
      LOKI_OTLP_URL: 'http://127.0.0.1:1',
    });
});
afterAll(() => collector?.close());

interface SpanSpec {
  readonly name: string;
  /** OTLP's number; left out: no kind. */
  readonly kind?: number;
  readonly failed?: boolean;
  readonly attributes?: Readonly<Record<string, string | number>>;
}

const asOtlp = (attributes: Readonly<Record<string, string | number>>) =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: value } : { stringValue: value },
  }));

async function push(service: string, spans: readonly SpanSpec[]): Promise<void> {
  const resource = { attributes: asOtlp({ 'service.name': service }) };
  const scopeSpans = [
    {
      spans: spans.map(({ name, kind, failed = false, attributes = {} }) => ({
        traceId: randomBytes(16).toString('hex'),
        spanId: randomBytes(8).toString('hex'),
        name,
        ...(kind !== undefined && { kind }),
        startTimeUnixNano: `${Date.now() - 100}000000`,
        endTimeUnixNano: `${Date.now()}000000`,
        status: failed ? { code: 2 } : {},
        attributes: asOtlp(attributes),
      })),
    },
  ];
  expect(await collector.push('/v1/traces', { resourceSpans: [{ resource, scopeSpans }] })).toBe(true);
}

/** Samples of a metric as they are scraped, those of a service alone: `{labels} value`. */
async function samplesOf(metric: string, service: string): Promise<readonly string[]> {
  const text = await collector.unverifiedMetrics();
  return text.split('\n').filter((line) => line.startsWith(`${metric}{`) && line.includes(service));
}

async function arrived(metric: string, service: string): Promise<readonly string[]> {
  await eventually(
    `${metric} of ${service}`,
    ARRIVES_MS,
    async () => (await samplesOf(metric, service)).length > 0,
  );
  return samplesOf(metric, service);
}

const collectorTest = (title: string, run: () => Promise<void>) =>
  test.skipIf(!otelcol)(`${title}${orWhyNot}`, { timeout: 60_000 }, run);

test('the Collector renames just the attributes that the semantic conventions have renamed', () => {
  const configuration = readFileSync(join(ROOT, 'otel-collector', 'config.yaml'), 'utf8');
  const renamed = [
    ...configuration.matchAll(/set\(span\.attributes\["([^"]+)"\], span\.attributes\["([^"]+)"\]\)/g),
  ].map(([, current, old]) => [old, current]);
  expect(Object.fromEntries(renamed)).toEqual(RENAMED_ATTRIBUTES);
});

collectorTest('a service of the old conventions is counted by route, method and status', async () => {
  await push('old-http', [
    {
      name: 'GET /users',
      kind: 2,
      failed: true,
      attributes: { 'http.method': 'GET', 'http.status_code': 503, 'http.route': '/users' },
    },
  ]);
  const [calls] = await arrived('traces_spanmetrics_calls_total', 'old-http');
  for (const label of [
    'http_request_method="GET"',
    'http_response_status_code="503"',
    'http_route="/users"',
    'status_code="STATUS_CODE_ERROR"',
  ])
    expect(calls).toContain(label);
});

collectorTest('calls of RPC, of databases and of queues can be told apart', async () => {
  await push('many-protocols', [
    { name: 'shop.Cart/Add', kind: 2, attributes: { 'rpc.system': 'grpc' } },
    { name: 'SELECT cart', kind: 3, attributes: { 'db.system': 'postgresql' } },
    { name: 'orders publish', kind: 4, attributes: { 'messaging.system': 'kafka' } },
  ]);
  const text = (await arrived('traces_spanmetrics_calls_total', 'many-protocols')).join();
  for (const label of ['rpc_system_name="grpc"', 'db_system_name="postgresql"', 'messaging_system="kafka"'])
    expect(text).toContain(label);
});

collectorTest('spans without a kind are counted as requests, those inside of a service are not', async () => {
  await push('kindless', [{ name: 'work' }, { name: 'work' }, { name: 'a function', kind: 1 }]);
  // A count begins with its zero.
  await eventually('both', ARRIVES_MS, async () =>
    (await samplesOf('traces_services_calls_total', 'kindless')).join().endsWith(' 2'),
  );
  const calls = await samplesOf('traces_services_calls_total', 'kindless');
  expect(calls).toHaveLength(1);
  expect(calls[0]).toContain('span_kind="SPAN_KIND_UNSPECIFIED"');
});

collectorTest('a service of 2,000 routes is counted in full, within a bound of series', async () => {
  const routes = Array.from({ length: 2000 }, (_, index) => ({
    name: `GET /r${index}`,
    kind: 2,
    attributes: { 'http.route': `/r${index}` },
  }));
  for (let from = 0; from < routes.length; from += 500)
    await push('many-routes', routes.slice(from, from + 500));
  await eventually('all of them', ARRIVES_MS, async () => {
    const [calls] = await samplesOf('traces_services_calls_total', 'many-routes');
    return calls?.endsWith(' 2000') ?? false;
  });
  const text = await collector.unverifiedMetrics();
  const series = text.split('\n').filter((line) => line.includes('job="many-routes"'));
  expect(series.length).toBeLessThan(3000);
});

collectorTest('a name with quotes, or of 300 characters, is a name like any other', async () => {
  const quoted = 'say "hi" \\ {x="y"}';
  await push(quoted, [{ name: 'GET /', kind: 2 }]);
  const [calls] = await arrived('traces_services_calls_total', 'say ');
  expect(calls).toContain('service_name="say \\"hi\\" \\\\ {x=\\"y\\"}"');
  await push('n'.repeat(300), [{ name: 'GET /', kind: 2 }]);
  const [long] = await arrived('traces_services_calls_total', 'nnn');
  expect(long).toMatch(/service_name="n{1,300}"/);
});
