import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readComposeFile, SCALED } from '@aiops-sre/stack/compose/compose-file.ts';
import { expect, onTestFinished, test } from 'vitest';
import { http } from '../scale/http.ts';
import { nativeServices } from '../scale/native-services.ts';
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

/** Gateway and Collectors of docker-compose.scale.yml; nobody listens where traces go. */
async function tiers(signal: AbortSignal) {
  const folder = mkdtempSync(join(tmpdir(), 'tiers-'));
  writeFileSync(join(folder, 'otlp-key'), KEY);
  writeFileSync(join(folder, 'database.yaml'), '{}');
  const services = nativeServices({
    root: ROOT,
    file: readComposeFile(ROOT, SCALED),
    network: '127.0.3',
    binaries: {
      'otel/opentelemetry-collector-contrib': otelcol ?? '',
      'otel/opentelemetry-collector-k8s': gateway ?? '',
    },
    volumes: { 'telemetry-secrets': folder, 'collector-config': folder },
  });
  onTestFinished(async () => {
    await services[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });
  await services.start([...COLLECTORS, 'otel-gateway'], signal);
  return services;
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

test.skipIf(!isPossible)(
  `behind a gateway each span is counted once, each trace is whole, and who sent it is told by the gateway${orWhyNot}`,
  { timeout: 90_000 },
  async ({ signal }) => {
    const services = await tiers(signal);
    const push = async (service: string, spans: readonly object[], headers: Record<string, string>) => {
      const resource = { attributes: attributes({ 'service.name': service }) };
      const { status } = await http.post(
        `${services.url('otel-gateway', 4318)}/v1/traces`,
        { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] },
        { headers },
      );
      expect(status).toBe(200);
    };
    const withKey = { 'x-aiops-otlp-key': KEY };
    for (let pushed = 0; pushed < TRACES; pushed += 1) {
      const traceId = randomBytes(16).toString('hex');
      const [client, server] = [randomBytes(8).toString('hex'), randomBytes(8).toString('hex')];
      await push('storefront', [span(traceId, 3, client)], withKey);
      await push('orders', [span(traceId, 2, server, client)], withKey);
      await push('storefront', [span(randomBytes(16).toString('hex'), 2, client)], {});
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
