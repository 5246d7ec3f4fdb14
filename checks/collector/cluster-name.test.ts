import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../testing/stack-under-test.ts';
import { orWhyNot, otelcol, startCollector } from './testing/collector.ts';

const attributes = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));

/** What Tempo gets of a span whose resource says this, from a Collector with these variables. */
async function arrives(variables: Record<string, string>, says: Readonly<Record<string, string>>) {
  const got: string[] = [];
  const tempo = createServer(async (request, response) => {
    const body = await buffer(request);
    got.push((request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('latin1'));
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void tempo.close());
  await once(tempo, 'listening');
  const collector = await startCollector({
    TEMPO_OTLP_URL: `http://127.0.0.1:${(tempo.address() as AddressInfo).port}`,
    LOKI_OTLP_URL: 'http://127.0.0.1:1',
    ...variables,
  });
  onTestFinished(() => collector.close());
  const at = `${Date.now()}000000`;
  const spans = [
    {
      traceId: '1'.repeat(32),
      spanId: '2'.repeat(16),
      name: 'GET /',
      startTimeUnixNano: at,
      endTimeUnixNano: at,
    },
  ];
  const resource = { attributes: attributes({ 'service.name': 'shop', ...says }) };
  expect(await collector.push('/v1/traces', { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] })).toBe(
    true,
  );
  return await eventually('span', 20_000, async () => got.find((text) => text.includes('GET /')));
}

test.skipIf(!otelcol).each([
  ['of the Collector’s cluster', { KUBERNETES_CLUSTER: 'eu-1' }, {}, ['k8s.cluster.name', 'eu-1']],
  [
    'of another, where it says so',
    { KUBERNETES_CLUSTER: 'eu-1' },
    { 'k8s.cluster.name': 'us-1' },
    ['k8s.cluster.name', 'us-1'],
  ],
  ['of none, where none has a name', {}, {}, []],
] as const)(`a span is %s${orWhyNot}`, { timeout: 60_000 }, async (_of, variables, says, expected) => {
  const text = await arrives(variables, says);
  expect(['k8s.cluster.name', 'eu-1', 'us-1'].filter((each) => text.includes(each))).toEqual(expected);
});
