import { HTTP_DURATION_BOUNDS_SECONDS } from '@aiops-sre/conventions/metric-names.ts';
import { PROBE_KEY_HEADER, PROBE_TRACESTATE, TRACE_RESPONSE_HEADER } from '@aiops-sre/conventions/probe.ts';
import { startTestPostgres, type TestPostgres } from '@aiops-sre/service-kit/testing/test-postgres.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EXPORT_WAIT, newTrace, of, telemetryTo } from '../testing/new-trace.ts';
import { type OtlpSink, startOtlpSink } from '../testing/otlp-sink/otlp-sink.ts';
import { type RoleProcess, startRoleProcess } from '../testing/role-process.ts';
import { shopIn } from '../testing/shop-database.ts';

const AUTHORIZED = { headers: { authorization: 'Bearer long-enough-token' } };

describe.each(['stock', 'lean'] as const)('with %s telemetry,', (telemetry) => {
  let sink: OtlpSink;
  let postgres: TestPostgres;
  let storefront: RoleProcess;
  let identity: RoleProcess;
  let fulfillment: RoleProcess;
  let payments: RoleProcess;
  let checkout: RoleProcess;

  beforeAll(async () => {
    [sink, postgres] = await Promise.all([startOtlpSink(), startTestPostgres()]);
    const env = { ...telemetryTo(sink), ADMIN_TOKEN: 'long-enough-token' };
    [identity, fulfillment, payments] = await Promise.all([
      startRoleProcess({ role: 'identity', telemetry, env }),
      startRoleProcess({ role: 'fulfillment', telemetry, env: { ...env, INSTANCE: 'fulfillment-2' } }),
      startRoleProcess({ role: 'payments', telemetry, env }),
    ]);
    const urls = {
      IDENTITY_URL: identity.url,
      PAYMENTS_URL: payments.url,
      FULFILLMENT_URLS: fulfillment.url,
      ...shopIn(postgres),
    };
    [storefront, checkout] = await Promise.all([
      startRoleProcess({ role: 'storefront', telemetry, env: { ...env, ...urls } }),
      startRoleProcess({ role: 'checkout', telemetry, env: { ...env, ...urls } }),
    ]);
    await storefront.client.get('/metrics');
    await vi.waitUntil(async () => (await storefront.client.get('/readyz')).status === 200, {
      timeout: 60_000,
    });
  }, 90_000);

  afterAll(async () => {
    for (const role of [storefront, checkout, identity, fulfillment, payments])
      await role?.[Symbol.asyncDispose]();
    await postgres?.[Symbol.asyncDispose]();
    sink.close();
  });

  const spanOfPath = (path: string) => sink.spans().find(({ attributes }) => attributes['url.path'] === path);

  describe('a document request', () => {
    it('is exactly six linked spans in three processes', async () => {
      const trace = newTrace(sink);
      const answer = await storefront.client.post(
        '/api/documents',
        { kind: 'label' },
        { headers: trace.headers },
      );
      expect(answer.status).toBe(201);
      const spans = await trace.spans(6);
      expect(spans.map(({ name, kind }) => `${kind} ${name}`).toSorted()).toEqual([
        'client INSERT documents',
        'client POST',
        'client POST',
        'server POST /api/documents',
        'server POST /api/documents',
        'server POST /api/token-checks',
      ]);
      const root = spans.find(of('storefront', 'server'))!;
      expect(root.parentSpanId).toBe(trace.parentId);
      for (const service of ['identity', 'fulfillment']) {
        const server = spans.find(of(service, 'server'))!;
        const client = spans.find(({ spanId }) => spanId === server.parentSpanId)!;
        expect(client).toMatchObject({ kind: 'client', parentSpanId: root.spanId });
      }
    });

    it('has its trace id in the log of each process', async () => {
      const { traceId, headers, spans } = newTrace(sink);
      await storefront.client.post('/api/documents', { kind: 'label' }, { headers });
      const root = (await spans(6)).find(of('storefront', 'server'))!;
      for (const { log } of [storefront, identity, fulfillment])
        expect(log).toContainEqual(
          expect.objectContaining({ trace_id: traceId, event: 'request', outcome: 'ok' }),
        );
      expect(storefront.log.find(({ trace_id }) => trace_id === traceId)).toMatchObject({
        span_id: root.spanId,
      });
    });

    it('carries the state of its trace through, which marks probes', async () => {
      const { headers, spans } = newTrace(sink);
      await storefront.client.post('/api/documents', { kind: 'label' }, { headers });
      const mark = `${PROBE_TRACESTATE.key}=${PROBE_TRACESTATE.value}`;
      expect((await spans(6)).map(({ traceState }) => traceState)).toEqual(Array(6).fill(mark));
    });

    it('marks what failed, each try by itself', async () => {
      const { headers, spans: received } = newTrace(sink);
      await fulfillment.client.put('/admin/faults', { errorRatio: 1 }, AUTHORIZED);
      const answer = await storefront.client.post('/api/documents', { kind: 'label' }, { headers });
      await fulfillment.client.delete('/admin/faults', AUTHORIZED);
      expect(answer.status).toBe(502);
      const spans = await received(7);
      expect(spans).toHaveLength(7);
      expect(spans.find(of('storefront', 'server'))).toMatchObject({
        status: 'error',
        attributes: {
          'http.response.status_code': 502,
          'error.type': '502',
          'error.message': 'fulfillment failed the document',
        },
      });
      const statuses = spans.filter(of('storefront', 'client')).map(({ status }) => status);
      expect(statuses).toEqual(['unset', 'error', 'error']);
    });
  });

  describe('a visitor who names a trace, without the probe key or with a wrong one,', () => {
    const caller = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8) };
    it.each([
      ['as not sampled', '00', {}],
      ['as a probe', '01', { tracestate: `${PROBE_TRACESTATE.key}=${PROBE_TRACESTATE.value}` }],
      ['as a probe', '01', { tracestate: 'aiops=probe', [PROBE_KEY_HEADER]: 'probe-key-of-others' }],
    ])('%s, gets a trace of the edge’s own that links the caller’s', async (_, flags, headers) => {
      const answer = await storefront.client.post(
        '/api/documents',
        { kind: 'label' },
        { headers: { traceparent: `00-${caller.traceId}-${caller.spanId}-${flags}`, ...headers } },
      );
      const [, traceId] = String(answer.headers[TRACE_RESPONSE_HEADER]).split('-');
      expect(traceId).not.toBe(caller.traceId);
      const spans = await vi.waitFor(() => {
        const received = sink.spans().filter((span) => span.traceId === traceId);
        expect(received).toHaveLength(6);
        return received;
      }, EXPORT_WAIT);
      expect(spans.map(({ traceState }) => traceState)).toEqual(Array(6).fill(''));
      expect(spans.find(of('storefront', 'server'))).toMatchObject({
        parentSpanId: '',
        links: [{ ...caller, traceState: '' }],
      });
      expect(spans.filter(({ links }) => links.length > 0)).toHaveLength(1);
      expect(sink.spans().filter((span) => span.traceId === caller.traceId)).toEqual([]);
    });
  });

  describe('a span', () => {
    it('describes the request, and no person', async () => {
      const { headers, spans } = newTrace(sink);
      await storefront.client.get('/api/users/user-7?email=a@example.com', {
        headers: { ...headers, 'x-forwarded-for': '203.0.113.9' },
      });
      const span = (await spans(4)).find(of('storefront', 'server'))!;
      expect(span).toMatchObject({ name: 'GET /api/users/:id', status: 'unset' });
      expect(span.attributes).toEqual({
        'http.request.method': 'GET',
        'http.response.status_code': 200,
        'http.route': '/api/users/:id',
        'network.protocol.version': '1.1',
        'url.path': '/api/users/user-7',
        'url.scheme': 'http',
        // It showed the probe key.
        'user_agent.synthetic.type': 'test',
      });
    });

    it('says which process it is from', async () => {
      const { headers, spans } = newTrace(sink);
      await storefront.client.post('/api/documents', { kind: 'label' }, { headers });
      expect((await spans(6)).find(of('fulfillment', 'server'))!.resource).toEqual(
        expect.objectContaining({
          'service.namespace': 'demo',
          'service.instance.id': 'fulfillment-2',
          'service.version': '0.1.0',
          'deployment.environment.name': 'demo',
        }),
      );
    });

    it('says which variant of the flag identity ran with', async () => {
      const { headers, spans } = newTrace(sink);
      await storefront.client.get('/api/users', { headers });
      expect((await spans(4)).find(of('identity', 'server'))!.attributes).toMatchObject({
        'feature_flag.key': 'experimental-identity-provider',
        'feature_flag.result.variant': 'off',
      });
    });

    it('begins a trace where there is none', async () => {
      await storefront.client.get('/api/users/user-11');
      await vi.waitFor(
        () => expect(spanOfPath('/api/users/user-11')).toMatchObject({ parentSpanId: '' }),
        EXPORT_WAIT,
      );
    });

    it('of an unknown path has no route, and a name that is bounded', async () => {
      await storefront.client.get('/api/nothing/here');
      await vi.waitFor(
        () => expect(spanOfPath('/api/nothing/here')).toMatchObject({ name: 'GET' }),
        EXPORT_WAIT,
      );
      expect(spanOfPath('/api/nothing/here')!.attributes).not.toHaveProperty('http.route');
    });

    it('is not made for health, readiness, metrics, drills and restarts', async () => {
      const ignored = ['/healthz', '/readyz', '/metrics', '/admin/faults', '/operations/restart'];
      for (const path of ignored) await storefront.client.get(path);
      await storefront.client.get('/api/users/user-12');
      await vi.waitFor(() => expect(spanOfPath('/api/users/user-12')).toBeDefined(), EXPORT_WAIT);
      for (const path of ignored) expect(spanOfPath(path)).toBeUndefined();
    });
  });

  describe('a statement', () => {
    it('is a span with its text, and none of its values', async () => {
      const { headers, spans } = newTrace(sink);
      await storefront.client.get('/api/users/user-7', { headers });
      const received = await spans(4);
      const root = received.find(of('storefront', 'server'))!;
      const { port } = new URL(postgres.url);
      expect(received.find(({ name }) => name === 'SELECT users')).toMatchObject({
        kind: 'client',
        status: 'unset',
        parentSpanId: root.spanId,
        attributes: {
          'db.system.name': 'postgresql',
          'db.namespace': 'shop',
          'db.operation.name': 'SELECT',
          'db.collection.name': 'users',
          'db.query.text': expect.stringContaining('FROM users WHERE id = $1'),
          'server.address': '127.0.0.1',
          'server.port': Number(port),
        },
      });
      expect(JSON.stringify(received.filter(({ name }) => name.startsWith('SELECT')))).not.toContain(
        'user-7',
      );
    });

    it('is one for an order with several items', async () => {
      const { headers, spans } = newTrace(sink);
      const items = [1, 2, 3].map((n) => ({ productId: `product-${n}`, quantity: 1 }));
      await storefront.client.post('/api/orders', { userId: 'user-7', items }, { headers });
      expect((await spans(4)).map(({ name }) => name).toSorted()).toEqual([
        'INSERT orders',
        'POST',
        'POST /api/orders',
        'POST /api/token-checks',
      ]);
    });

    it('that finds no database leaves a span of the connection that could not be had', async () => {
      await postgres.stop();
      const { headers, spans } = newTrace(sink);
      expect((await storefront.client.get('/api/users/user-7', { headers })).status).toBe(503);
      const received = await spans(4);
      await postgres.start();
      expect(received.find(({ name }) => name === 'connect')).toMatchObject({
        kind: 'client',
        status: 'error',
        attributes: {
          'db.system.name': 'postgresql',
          'db.namespace': 'shop',
          'server.address': '127.0.0.1',
          'error.type': 'ECONNREFUSED',
        },
      });
    });
  });

  describe('a checkout', () => {
    it('is one trace, from the request over the queues to payments and fulfillment, and links who sent each job', async () => {
      const { traceId, headers, spans } = newTrace(sink);
      const order = { userId: 'user-7', items: [{ productId: 'product-1', quantity: 1 }] };
      const answer = await storefront.client.post('/api/checkouts', order, {
        headers: { ...headers, 'Idempotency-Key': traceId },
      });
      expect(answer.status).toBe(202);
      // Each process sends its spans when it likes.
      const last = ['POST /api/checkouts', 'POST /charges', 'POST /api/documents', 'process fulfil-order'];
      await vi.waitUntil(() => {
        const names = sink.spans().flatMap((span) => (span.traceId === traceId ? span.name : []));
        return last.every((name) => names.includes(name));
      }, EXPORT_WAIT);
      const received = await spans(20);
      const named = (name: string) => received.find((span) => span.name === name)!;
      const steps = ['reserve-stock', 'charge-payment', 'fulfil-order'];
      for (const step of steps) {
        const producer = named(`send ${step}`);
        expect(producer).toMatchObject({
          kind: 'producer',
          attributes: { 'messaging.destination.name': step },
        });
        const consumer = named(`process ${step}`);
        expect(consumer).toMatchObject({
          kind: 'consumer',
          parentSpanId: producer.spanId,
          links: [{ traceId, spanId: producer.spanId }],
          resource: { 'service.name': 'checkout' },
          attributes: {
            'messaging.system': 'pg-boss',
            'messaging.destination.name': step,
            'messaging.operation.type': 'process',
          },
        });
      }
      expect(named('send reserve-stock').parentSpanId).toBe(named('POST /api/checkouts').spanId);
      const servers = received
        .filter(({ kind }) => kind === 'server')
        .map(({ resource }) => resource['service.name']);
      expect(servers.toSorted()).toEqual(['fulfillment', 'identity', 'payments', 'storefront']);
      expect(
        received.filter(({ attributes }) => String(attributes['db.query.text']).includes('queue.')),
      ).toEqual([]);
      expect(checkout.log).toContainEqual(
        expect.objectContaining({
          event: 'job',
          step: 'fulfil-order',
          outcome: 'fulfilled',
          trace_id: traceId,
        }),
      );
    });

    it('leaves no trace of looking into empty queues', async () => {
      const before = sink.spans().length;
      await vi.waitUntil(async () => {
        const { data } = await checkout.client.get('/metrics');
        return Number(/checkout_freshness_seconds_total\{state="fresh"\} (\S+)/.exec(data)?.[1]) > 4;
      }, EXPORT_WAIT);
      expect(sink.spans().slice(before).filter(of('checkout', 'client'))).toEqual([]);
    });
  });

  describe('durations', () => {
    const find = (side: string, attribute: string, value: string | number) =>
      sink
        .histograms()
        .find(
          ({ name, attributes }) =>
            name === `http.${side}.request.duration` && attributes[attribute] === value,
        );

    it('are by route, with a bound at the latency objective', async () => {
      await storefront.client.get('/api/products');
      await vi.waitFor(
        () => expect(find('server', 'http.route', '/api/products')).toBeDefined(),
        EXPORT_WAIT,
      );
      const point = find('server', 'http.route', '/api/products')!;
      expect(point.bounds).toEqual([...HTTP_DURATION_BOUNDS_SECONDS]);
      expect(point.attributes).toEqual({
        'http.request.method': 'GET',
        'http.response.status_code': 200,
        'http.route': '/api/products',
        'network.protocol.version': '1.1',
        'url.scheme': 'http',
      });
    });

    it('are by target for a client', async () => {
      await storefront.client.get('/api/products');
      const port = Number(new URL(identity.url).port);
      await vi.waitFor(() => expect(find('client', 'server.port', port)).toBeDefined(), EXPORT_WAIT);
      expect(find('client', 'server.port', port)!.attributes).toEqual({
        'http.request.method': 'POST',
        'http.response.status_code': 200,
        'network.protocol.version': '1.1',
        'server.address': '127.0.0.1',
        'server.port': port,
      });
    });
  });

  describe('the log over OTLP', () => {
    it('has the one wide event of a request, at its span, without what the resource says already', async () => {
      const { traceId, headers, spans } = newTrace(sink);
      await storefront.client.get('/api/users/user-7?email=a@example.com', {
        headers: { ...headers, authorization: 'Bearer demo-user17' },
      });
      const root = (await spans(4)).find(of('storefront', 'server'))!;
      const records = await vi.waitFor(() => {
        const received = sink.logRecords().filter((record) => record.traceId === traceId);
        expect(received).toHaveLength(2);
        return received;
      }, EXPORT_WAIT);
      const record = records.find(({ resource }) => resource['service.name'] === 'storefront')!;
      expect(record).toMatchObject({
        severityText: 'info',
        severityNumber: 9,
        body: 'GET /api/users/:id answered 200 ok',
        spanId: root.spanId,
      });
      expect(root.attributes).toMatchObject({ 'shop.region': 'eu', 'shop.customer.tier': 'bronze' });
      expect(record.attributes).toEqual({
        event: 'request',
        method: 'GET',
        route: '/api/users/:id',
        status: 200,
        outcome: 'ok',
        duration_ms: expect.any(Number),
        'user_agent.synthetic.type': 'test',
        'enduser.pseudo.id': expect.stringMatching(/^[\da-f]{16}$/),
        'shop.region': 'eu',
        'shop.customer.tier': 'bronze',
      });
      expect(record.resource).toMatchObject({ 'service.instance.id': expect.any(String) });
    });
  });

  describe('a process that ends', () => {
    it('has sent every span, and each once', async () => {
      const { headers, spans } = newTrace(sink);
      await storefront.client.post('/api/documents', { kind: 'label' }, { headers });
      for (const role of [storefront, identity, fulfillment]) {
        role.child.kill('SIGTERM');
        expect(await role.exited).toBe(0);
      }
      expect(await spans(0)).toHaveLength(6);
    });
  });
});
