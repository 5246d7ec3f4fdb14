import { randomBytes } from 'node:crypto';
import { type Cause, causes } from '@aiops-sre/stack/connect/causes.ts';
import { observer } from '@aiops-sre/stack/connect/observe.ts';
import { remarks } from '@aiops-sre/stack/connect/remarks.ts';
import { credentials, makeGenericClientConstructor } from '@grpc/grpc-js';
import axios from 'axios';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../testing/stack-under-test.ts';
import { type CollectorUnderTest, orWhyNot, otelcol, startCollector } from './testing/collector.ts';

/** Nobody listens there: what connect asks of Prometheus, Tempo and Loki is not what is looked at here. */
const NOBODY = 'http://127.0.0.1:1';
const TOO_LARGE = Buffer.alloc(5 * 1024 * 1024);
const http = axios.create({ proxy: false, timeout: 5_000, validateStatus: () => true });
let collector: CollectorUnderTest;

beforeAll(async () => {
  if (otelcol) collector = await startCollector({ TEMPO_OTLP_URL: NOBODY, LOKI_OTLP_URL: NOBODY });
});
afterAll(() => collector?.close());

const port = (name: string) => Number(new URL(collector.url(name)).port);

function looks(service: string) {
  const otlpPorts = { grpc: port('OTLP_GRPC'), http: port('OTLP_HTTP') };
  const addresses = {
    prometheusUrl: NOBODY,
    tempoUrl: NOBODY,
    lokiUrl: NOBODY,
    collectorUrl: collector.url('COLLECTOR_TELEMETRY'),
    seriesUrls: [collector.url('COLLECTOR_METRICS'), collector.url('COLLECTOR_UNVERIFIED_METRICS')],
    otlpPorts,
  };
  return { observe: observer(service, addresses, { recentSeconds: 60 }), ports: otlpPorts };
}

/** What connect says once the real Collector has got this, as soon as it says `telling`. */
async function causesOf(send: () => Promise<unknown>, telling: RegExp): Promise<readonly Cause[]> {
  const { observe, ports } = looks('shop');
  const first = await observe();
  await send();
  return eventually(`cause like ${telling}`, 15_000, async () => {
    const last = await observe();
    const found = causes({
      service: 'shop',
      first,
      // As if all backends answered: they have nothing.
      last: {
        ...last,
        tempo: { recentSeconds: undefined, anySeconds: undefined },
        loki: { recentSeconds: undefined, anySeconds: undefined },
        prometheus: {
          spans: undefined,
          series: 0,
          scrapeError: undefined,
          senders: [],
          failing: [],
          overflow: false,
        },
      },
      missing: ['traces', 'metrics', 'logs'],
      arrived: [],
      ports,
    });
    return found.some(({ cause }) => telling.test(cause)) && found;
  });
}

const post = (path: string, body: unknown, type = 'application/json') =>
  http.post(collector.url('OTLP_HTTP', path), body, {
    headers: { 'content-type': type },
    maxBodyLength: Infinity,
  });

/** A call of OTLP's trace service; resolves when it ended, however. */
function grpcCall(to: number, body: Buffer): Promise<void> {
  const same = (value: Buffer) => value;
  const Client = makeGenericClientConstructor({}, 'trace');
  const client = new Client(`127.0.0.1:${to}`, credentials.createInsecure());
  return new Promise((resolve) => {
    const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
    client.makeUnaryRequest(path, same, same, body, { deadline: Date.now() + 3_000 }, () => {
      client.close();
      resolve();
    });
  });
}

test.skipIf(!otelcol).each<[string, () => Promise<unknown>, RegExp]>([
  ['gRPC to the port of HTTP', () => grpcCall(port('OTLP_HTTP'), Buffer.alloc(0)), /gRPC came to port/],
  ['a path that is none of OTLP', () => post('/', '{}'), /under a path that is none/],
  ['another format', () => post('/v1/traces', 'x', 'text/plain'), /neither JSON nor protobuf/],
  ['5 MB over HTTP', () => post('/v1/traces', TOO_LARGE, 'application/x-protobuf'), /larger than 4 MB/],
  ['5 MB over gRPC', () => grpcCall(port('OTLP_GRPC'), TOO_LARGE), /larger than 4 MB/],
])(
  `%s is told by the real Collector, and named${orWhyNot}`,
  { timeout: 40_000 },
  async (_what, send, telling) => {
    const [first] = await causesOf(send, telling);
    expect(first!.cause).toMatch(telling);
    expect(first!.hop).toBe('traces received');
  },
);

const asOtlp = (attributes: Readonly<Record<string, string>>) =>
  Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }));

async function pushSpans(service: string, names: readonly string[], kind?: number): Promise<void> {
  const at = `${Date.now()}000000`;
  const spans = names.map((name) => ({
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name,
    ...(kind !== undefined && { kind }),
    startTimeUnixNano: at,
    endTimeUnixNano: at,
  }));
  const resource = { attributes: asOtlp({ 'service.name': service }) };
  expect(await collector.push('/v1/traces', { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] })).toBe(
    true,
  );
}

async function pushMetrics(service: string, metrics: readonly object[]): Promise<void> {
  const resource = { attributes: asOtlp({ 'service.name': service }) };
  expect(
    await collector.push('/v1/metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] }),
  ).toBe(true);
}

test.skipIf(!otelcol).each([
  ['with quotes', 'say "hi" \\ {x="y"}', 'say "hi" \\ {x="y"}'],
  ['of 300 characters', 'n'.repeat(300), 'n'.repeat(128)],
  ['of 300 bytes that end within a character', 'ü'.repeat(150), 'ü'.repeat(64)],
])(`a name %s is found as what it arrives as${orWhyNot}`, { timeout: 40_000 }, async (_what, sent, found) => {
  await pushSpans(sent, ['GET /'], 2);
  await pushMetrics(sent, [
    { name: 'queue', gauge: { dataPoints: [{ timeUnixNano: `${Date.now()}000000`, asDouble: 1 }] } },
  ]);
  const { observe } = looks(found);
  await eventually(found, 20_000, async () => {
    const { onPages } = await observe();
    return onPages && onPages.spans > 0 && onPages.metrics;
  });
});

test.skipIf(!otelcol)(
  `sums and histograms in deltas are added up${orWhyNot}`,
  { timeout: 40_000 },
  async () => {
    const from = Date.now();
    const nano = (ms: number) => `${from + ms}000000`;
    for (const push of [0, 1, 2]) {
      const times = { startTimeUnixNano: nano(push * 100), timeUnixNano: nano((push + 1) * 100) };
      await pushMetrics('deltas', [
        {
          name: 'jobs',
          sum: { aggregationTemporality: 1, isMonotonic: true, dataPoints: [{ ...times, asDouble: 5 }] },
        },
        {
          name: 'took',
          unit: 's',
          histogram: {
            aggregationTemporality: 1,
            dataPoints: [{ ...times, count: '2', sum: 1, bucketCounts: ['1', '1'], explicitBounds: [1] }],
          },
        },
      ]);
    }
    const page = await collector.unverifiedMetrics();
    expect(page).toContain('jobs_total{job="deltas"} 15');
    expect(page).toContain('took_seconds_count{job="deltas"} 6');
  },
);

test.skipIf(!otelcol)(
  `what is beyond the bounds is counted, and told${orWhyNot}`,
  { timeout: 40_000 },
  async () => {
    const { observe } = looks('wide');
    const first = await observe();
    const dataPoints = Array.from({ length: 3_000 }, (_, index) => ({
      timeUnixNano: `${Date.now()}000000`,
      asDouble: index,
      attributes: asOtlp({ user: `u${index}` }),
    }));
    await pushMetrics('wide', [{ name: 'carts', gauge: { dataPoints } }]);
    const told = await eventually('remark', 20_000, async () => {
      const found = remarks('wide', first, await observe());
      return found.length > 0 && found;
    });
    expect(told.join()).toContain('3000 data points were left out');
  },
);
