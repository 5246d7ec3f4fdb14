import type { Tempo } from '@aiops-sre/investigation/data-sources/tempo.ts';
import { traceOf } from '@aiops-sre/investigation/testing/trace-builder.ts';
import type { Trace } from '@aiops-sre/investigation/traces/span.ts';
import { expect, it } from 'vitest';
import { tracedEdges } from './traced-edges.ts';

const NOW_SECONDS = 1_700_003_600;

/** A Tempo that finds the first traces and can be asked for all. */
function tempoOf(found: readonly Trace[], others: readonly Trace[] = []) {
  const asked: string[] = [];
  const tempo: Pick<Tempo, 'search' | 'trace'> = {
    async search(traceql, _range, limit) {
      asked.push(traceql);
      return found.map(({ traceId }) => traceId).slice(0, limit);
    },
    async trace(id) {
      asked.push(id);
      return [...found, ...others].find(({ traceId }) => traceId === id);
    },
  };
  return { tempo, asked };
}

const taken = {
  service: 'checkout',
  name: 'process orders',
  kind: 'consumer',
  from: 9000,
  to: 9100,
} as const;

it('is from who sends a message to who takes it, however long it lay in the queue', async () => {
  const send = { service: 'storefront', name: 'send orders', kind: 'producer', from: 5, to: 9 } as const;
  const { tempo } = tempoOf([traceOf({ ...send, children: [taken] })]);
  expect(await tracedEdges(tempo, NOW_SECONDS)).toEqual([{ client: 'storefront', server: 'checkout' }]);
});

it('is from the sender that is only linked, in a trace of its own', async () => {
  const sender = traceOf({ service: 'storefront', name: 'send orders', kind: 'producer', from: 0, to: 5 });
  const links = [{ traceId: sender.traceId, spanId: sender.spans[0]!.spanId }];
  const { tempo } = tempoOf([traceOf({ ...taken, links })], [sender]);
  expect(await tracedEdges(tempo, NOW_SECONDS)).toEqual([{ client: 'storefront', server: 'checkout' }]);
});

it('is to a database by its name, once, and to none within a service', async () => {
  const query = (attributes: Record<string, string>) =>
    ({ service: 'storefront', name: 'SELECT', kind: 'client', from: 1, to: 2, attributes }) as const;
  const postgres = { 'db.system.name': 'postgresql', 'db.namespace': 'shop' };
  const { tempo } = tempoOf([
    traceOf({
      ...{ service: 'storefront', name: 'GET /orders', from: 0, to: 9 },
      children: [
        ...[query(postgres), query(postgres), query({ 'db.system.name': 'redis' }), query({})],
        { ...taken, service: 'storefront' },
      ],
    }),
  ]);
  expect(await tracedEdges(tempo, NOW_SECONDS)).toEqual([
    { client: 'storefront', server: 'shop' },
    { client: 'storefront', server: 'redis' },
  ]);
});

it('reads a bounded number of traces, linked ones too', async () => {
  const senders = Array.from({ length: 300 }, () =>
    traceOf({ ...taken, service: 'sender', kind: 'producer' }),
  );
  const links = senders.map(({ traceId, spans }) => ({ traceId, spanId: spans[0]!.spanId }));
  const many = Array.from({ length: 300 }, () => traceOf({ ...taken, links }));
  const { tempo, asked } = tempoOf(many, senders);
  await tracedEdges(tempo, NOW_SECONDS);
  expect(asked.length).toBeLessThanOrEqual(8 + 40 + 20);
});
