import { asOtlpJson, call, traceOf } from '@aiops-sre/investigation/testing/trace-builder.ts';
import type { Trace } from '@aiops-sre/investigation/traces/span.ts';
import { createBackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { type ScriptedBackend, scriptedBackend } from '@aiops-sre/service-kit/testing/scripted-backend.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FakePrometheus, startFakePrometheus } from '../testing/fake-prometheus.ts';
import { investigate } from './investigate.ts';

const ONSET_MS = 1_700_000_000_000;
let prometheus: FakePrometheus;
let traces: { failing: Trace[]; rest: Trace[] };
let backend: ScriptedBackend;

/** A line in Loki. */
const line = (text: string) => ({
  stream: { service_name: 'stock', detected_level: 'error', trace_id: 'f00d' },
  values: [[`${ONSET_MS}000000`, text]],
});

beforeEach(async () => {
  prometheus = await startFakePrometheus();
  traces = { failing: [], rest: [] };
  backend = await scriptedBackend(({ url }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const isBefore = Number(searchParams.get('time') ?? searchParams.get('end')) * 1000 < ONSET_MS;
    const metric = { service_name: 'stock', detected_level: 'info' };
    const answers: Record<string, () => unknown> = {
      '/api/search': () => {
        const q = searchParams.get('q') ?? '';
        if (q.includes('select('))
          return {
            traces: traces.failing.map(({ traceId }, index) => ({
              traceID: traceId,
              spanSets: [
                {
                  spans: [
                    {
                      spanID: '1',
                      attributes: [
                        { key: 'enduser.pseudo.id', value: { stringValue: `customer-${index % 7}` } },
                      ],
                    },
                    { spanID: '2' },
                  ],
                },
              ],
            })),
          };
        const group = q.includes('status = error') ? traces.failing : q.includes('!=') ? traces.rest : [];
        return { traces: group.map(({ traceId }) => ({ traceID: traceId })) };
      },
      '/loki/api/v1/query': () => ({ data: { result: [{ metric, value: [0, '50'] }] } }),
      '/loki/api/v1/query_range': () => ({
        data: {
          result: isBefore ? [] : [line('no stock left for order 17'), line('no stock left for order 4')],
        },
      }),
    };
    const trace = [...traces.failing, ...traces.rest].find(({ traceId }) => pathname.endsWith(traceId));
    response.end(JSON.stringify(trace ? asOtlpJson(trace) : (answers[pathname]?.() ?? {})));
  });
});
afterEach(async () => {
  await backend[Symbol.asyncDispose]();
  await prometheus.close();
});

const client = (name: string, url: string) => createBackendClient({ name, url, timeoutMs: 5000 });
const found = (urls: { tempo?: string; loki?: string } = { tempo: backend.url, loki: backend.url }) =>
  investigate(
    {
      prometheus: createPrometheusClient({ url: prometheus.url, timeoutMs: 5000 }),
      tempo: urls.tempo === undefined ? undefined : client('Tempo', urls.tempo),
      loki: urls.loki === undefined ? undefined : client('Loki', urls.loki),
    },
    { service: 'shop', onsetMs: ONSET_MS, nowMs: ONSET_MS + 60_000 },
  );
const order = (instance: string, failed: boolean) =>
  traceOf({
    service: 'shop',
    name: 'POST /orders',
    from: 0,
    to: 100,
    failed,
    children: [
      call('shop', {
        service: 'stock',
        name: 'GET /stock',
        from: 5,
        to: 90,
        failed,
        statusMessage: failed ? 'out of stock' : '',
        resource: { 'service.instance.id': instance },
      }),
    ],
  });

it('says what failing requests have in common, where they fail first, shows one, and what is new in the logs', async () => {
  traces = {
    failing: Array.from({ length: 20 }, () => order('stock-2', true)),
    rest: Array.from({ length: 20 }, (_, index) => order(`stock-${index % 4}`, false)),
  };
  const { failing, slow, templates, missing, users } = await found();
  expect(missing).toEqual([]);
  expect(users).toEqual({ users: 7, atLeast: false });
  expect(failing).toMatchObject({ compared: 20, firstErrors: [{ service: 'stock', share: 1 }] });
  expect(failing!.inCommon).toContainEqual(
    expect.objectContaining({ service: 'stock', attribute: 'service.instance.id', value: 'stock-2' }),
  );
  expect(failing!.example!.lines.map(({ service }) => service)).toEqual(['shop', 'shop', 'stock']);
  expect(slow).toBeNull();
  expect(templates).toMatchObject([{ service: 'stock', change: 'new', lines: 2, traceId: 'f00d' }]);
});

it('names a source that does not answer, and says what the others say', async () => {
  const { failing, templates, missing } = await found({ tempo: 'http://127.0.0.1:9', loki: backend.url });
  expect([failing, templates.length]).toEqual([null, 1]);
  expect(missing).toEqual([expect.stringMatching(/^traces: Tempo/)]);
});

it('misses nothing of a source that there is not', async () => {
  expect(await found({})).toMatchObject({ failing: null, slow: null, templates: [], missing: [] });
});

it('asks a bounded number of questions, whatever there is', async () => {
  traces.failing = Array.from({ length: 400 }, () => order('stock-1', true));
  await found();
  expect(backend.requests.length).toBeLessThan(450);
});

it('says at least how many users where there were more traces than it reads', async () => {
  traces.failing = Array.from({ length: 1000 }, () => order('stock-1', true));
  expect((await found()).users).toEqual({ users: 7, atLeast: true });
});
