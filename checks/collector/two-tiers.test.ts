import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { readComposeFile, SCALED } from '@aiops-sre/stack/compose/compose-file.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { http } from '../scale/http.ts';
import { type NativeServices, nativeServices } from '../scale/native-services.ts';
import { attributes } from '../scale/otlp-samples.ts';
import { eventually, ROOT } from '../testing/stack-under-test.ts';
import { KEY, otelcol } from './testing/collector.ts';

/** Set by `npm test` where it has been built. */
const gateway = process.env.OTELCOL_K8S;
// It needs addresses of the loopback.
const isPossible = Boolean(otelcol && gateway && process.platform === 'linux');
const orWhyNot = isPossible ? '' : ' (skipped: OTELCOL or OTELCOL_K8S is not set, or it is not Linux)';

const TRACES = 60;
const COLLECTORS = ['otel-collector', 'otel-collector-2'];

const closing = new AsyncDisposableStack();
let services: NativeServices;
/** What arrived where Tempo would be. */
const arrived: string[] = [];

// Gateway and Collectors of docker-compose.scale.yml.
beforeAll(async () => {
  if (!isPossible) return;
  const folder = mkdtempSync(join(tmpdir(), 'tiers-'));
  closing.defer(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'otlp-key'), KEY);
  writeFileSync(join(folder, 'database.yaml'), '{}');
  services = closing.use(
    nativeServices({
      root: ROOT,
      file: readComposeFile(ROOT, SCALED),
      network: '127.0.3',
      binaries: {
        'otel/opentelemetry-collector-contrib': otelcol ?? '',
        'otel/opentelemetry-collector-k8s': gateway ?? '',
      },
      volumes: { 'telemetry-secrets': folder, 'collector-config': folder },
    }),
  );
  const { hostname, port } = new URL(services.url('tempo-distributor', 4327));
  const tempo = createServer(async (request, response) => {
    const body = await buffer(request);
    arrived.push(
      (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('latin1'),
    );
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  }).listen(Number(port), hostname);
  closing.defer(() => void tempo.close());
  await once(tempo, 'listening');
  await services.start([...COLLECTORS, 'otel-gateway'], AbortSignal.timeout(60_000));
}, 90_000);
afterAll(() => closing.disposeAsync());

async function push(
  resource: Readonly<Record<string, string>>,
  spans: readonly object[],
  { key }: { key?: string } = {},
): Promise<void> {
  const { status } = await http.post(
    `${services.url('otel-gateway', 4318)}/v1/traces`,
    { resourceSpans: [{ resource: { attributes: attributes(resource) }, scopeSpans: [{ spans }] }] },
    { headers: key ? { 'x-aiops-otlp-key': key } : {} },
  );
  expect(status).toBe(200);
}

const span = (traceId: string, kind: number, own: string, parentSpanId?: string) => ({
  traceId,
  spanId: own,
  ...(parentSpanId && { parentSpanId }),
  name: 'GET /',
  kind,
  startTimeUnixNano: `${Date.now() - 10}000000`,
  endTimeUnixNano: `${Date.now()}000000`,
});

const tiersTest = (title: string, run: () => Promise<void>) =>
  test.skipIf(!isPossible)(`${title}${orWhyNot}`, { timeout: 60_000 }, run);

tiersTest(
  'behind a gateway each span is counted once, each trace is whole, and who sent it is told by the gateway',
  async () => {
    for (let pushed = 0; pushed < TRACES; pushed += 1) {
      const traceId = randomBytes(16).toString('hex');
      const [client, server] = [randomBytes(8).toString('hex'), randomBytes(8).toString('hex')];
      await push({ 'service.name': 'storefront' }, [span(traceId, 3, client)], { key: KEY });
      await push({ 'service.name': 'orders' }, [span(traceId, 2, server, client)], { key: KEY });
      await push({ 'service.name': 'storefront' }, [span(randomBytes(16).toString('hex'), 2, client)]);
    }

    /** What a metric's samples with this in their labels add up to, at each Collector. */
    const sums = (port: number, metric: string, labels: RegExp) =>
      Promise.all(
        COLLECTORS.map(async (name) => {
          const text = String((await http.get(`${services.url(name, port)}/metrics`)).data);
          return text
            .split('\n')
            .filter((line) => line.startsWith(`${metric}{`) && labels.test(line))
            .reduce((sum, line) => sum + Number(/\} (\S+)/.exec(line)?.[1]), 0);
        }),
      );
    const calls = (port: number, service: string) =>
      sums(port, 'traces_spanmetrics_calls_total', new RegExp(`service_name="${service}"`));
    const edges = () =>
      sums(8889, 'traces_service_graph_request_total', /client="storefront".*server="orders"/);
    const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
    await eventually(
      'all of it',
      40_000,
      async () =>
        total(await edges()) >= TRACES && total(await calls(8887, 'unverified-storefront')) >= TRACES,
    );

    // All of it at one of them.
    for (const counted of [
      await calls(8889, 'storefront'),
      await calls(8889, 'orders'),
      await calls(8887, 'unverified-storefront'),
    ])
      expect(counted.toSorted((one, other) => one - other)).toEqual([0, TRACES]);
    const graph = await edges();
    expect(total(graph)).toBe(TRACES);
    expect(Math.min(...graph)).toBeGreaterThan(0);
    expect(await calls(8889, 'unverified-storefront')).toEqual([0, 0]);
    expect(await sums(8889, 'system_cpu_time_seconds_total', /./)).toEqual([
      expect.toSatisfy((seconds) => seconds > 0),
      0,
    ]);
  },
);

tiersTest('what a push without the key multiplies is bounded, and with it whole', async () => {
  const ids = Array.from({ length: 3 }, () => randomBytes(16).toString('hex'));
  const much = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`a.${index}`, 'x'.repeat(1000)]),
  );
  const ofResource = async (service: string, key?: string) => {
    const spans = ids.map((traceId) => span(traceId, 2, randomBytes(8).toString('hex')));
    await push({ 'service.name': service, ...much }, spans, key ? { key } : {});
    return await eventually(service, 20_000, async () => arrived.find((body) => body.includes(service)));
  };
  const without = await ofResource('no-key');
  expect(without).toContain('x'.repeat(256));
  expect(without).not.toContain('x'.repeat(257));
  expect(without.match(/a\.\d+/g)?.length).toBeLessThanOrEqual(32 * ids.length);
  const whole = await ofResource('with-key', KEY);
  expect(whole).toContain('x'.repeat(1000));
  expect(whole).toContain('a.99');
});
