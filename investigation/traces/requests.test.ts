import { TAIL_SAMPLING } from '@aiops-sre/conventions/tail-sampling.ts';
import { describe, expect, it } from 'vitest';
import { asOtlpJson, call, traceOf } from '../testing/trace-builder.ts';
import { parseTrace } from './parse-trace.ts';
import { requestsOf } from './requests.ts';
import { traceWeight } from './trace-weight.ts';

const document = (from: number, instance: string, failed: boolean) =>
  call('shop', {
    service: 'fulfillment',
    name: 'POST /documents',
    from,
    to: from + 10,
    failed,
    attributes: { 'http.response.status_code': failed ? '500' : '200', 'http.route': '/documents' },
    resource: { 'service.instance.id': instance, 'process.pid': '1' },
  });
const retried = () =>
  traceOf({
    service: 'shop',
    name: 'POST /orders',
    from: 0,
    to: 50,
    attributes: { 'http.route': '/orders', 'http.response.status_code': '201', 'url.path': '/orders' },
    children: [
      call('shop', {
        service: 'identity',
        name: 'POST /checks',
        from: 2,
        to: 5,
        attributes: { 'feature_flag.key': 'provider', 'feature_flag.result.variant': 'on' },
      }),
      document(10, 'fulfillment-3', true),
      document(30, 'fulfillment-4', false),
    ],
  });

describe('the facts of a request', () => {
  it('are its own, its callees’ and its callers’, and not those of others in its trace', () => {
    const [failed, repeated] = requestsOf(retried(), 'fulfillment');
    expect(failed!.facts).toContain('fulfillment service.instance.id=fulfillment-3');
    expect(failed!.facts).not.toContain('fulfillment service.instance.id=fulfillment-4');
    expect(repeated!.facts).toContain('fulfillment service.instance.id=fulfillment-4');
    for (const { facts } of [failed!, repeated!]) {
      expect(facts).toContain('shop http.route=/orders');
      expect(facts).not.toContain('identity feature_flag.provider=on');
    }
    const [order] = requestsOf(retried(), 'shop');
    expect(order!.facts).toContain('identity feature_flag.provider=on');
    expect(order!.facts).toContain('fulfillment service.instance.id=fulfillment-3');
  });

  it('leave out how it ended itself, its path, and the process', () => {
    const [failed] = requestsOf(retried(), 'fulfillment');
    expect([...failed!.facts].filter((fact) => /^fulfillment http\.response|pid/.test(fact))).toEqual([]);
    const [order] = requestsOf(retried(), 'shop');
    expect([...order!.facts].filter((fact) => /url\.path|^shop http\.response/.test(fact))).toEqual([]);
    expect(order!.facts).toContain('fulfillment http.response.status_code=500');
  });
});

describe('the requests of a service', () => {
  it('are messages, too, and of spans without kinds those that nothing of its own called', () => {
    const trace = traceOf({
      service: 'mailer',
      name: 'orders process',
      kind: 'consumer',
      from: 0,
      to: 50,
      children: [
        {
          service: 'kindless',
          name: 'render',
          kind: 'unspecified',
          from: 1,
          to: 40,
          children: [{ service: 'kindless', name: 'fonts', kind: 'unspecified', from: 2, to: 3 }],
        },
      ],
    });
    expect(requestsOf(trace, 'mailer').map(({ span }) => span.name)).toEqual(['orders process']);
    expect(requestsOf(trace, 'kindless').map(({ span }) => span.name)).toEqual(['render']);
  });

  it('are told apart by attributes under one name, whatever their sender calls them', () => {
    const request = (attributes: Record<string, string>, query: Record<string, string>) =>
      parseTrace(
        '1',
        asOtlpJson(
          traceOf({
            service: 'shop',
            name: 'GET /users',
            from: 0,
            to: 9,
            attributes,
            children: [
              { service: 'shop', name: 'SELECT users', kind: 'client', from: 1, to: 2, attributes: query },
            ],
          }),
        ),
      );
    const old = request(
      { 'http.method': 'GET', 'http.status_code': '503', 'http.target': '/users?page=2' },
      { 'db.system': 'postgresql', 'db.statement': 'SELECT 1' },
    );
    const current = request(
      { 'http.request.method': 'GET', 'http.response.status_code': '503', 'url.path': '/users' },
      { 'db.system.name': 'postgresql', 'db.query.text': 'SELECT 1' },
    );
    expect(old.spans.map(({ attributes }) => attributes)).toEqual(
      current.spans.map(({ attributes }) => attributes),
    );
    const [of] = requestsOf(old, 'shop');
    expect(of!.facts).toEqual(new Set(['shop http.request.method=GET', 'shop db.system.name=postgresql']));
  });
});

describe('a trace stands for', () => {
  const resource = { [TAIL_SAMPLING.mark]: 'true' };
  const trace = (more: object) =>
    traceOf({ service: 'shop', name: 'GET /', from: 0, to: 100, resource, ...more });

  it.each([
    ['itself where all are kept', { resource: {} }, 1],
    ['itself when it has an error', { failed: true }, 1],
    ['itself when one of its calls failed', { children: [document(10, 'x', true)] }, 1],
    ['itself when it is slow', { to: 500 }, 1],
    ['itself when it is a probe', { traceState: 'vendor=x,aiops=probe' }, 1],
    ['ten requests otherwise', {}, 10],
  ])('%s', (_title, more, weight) => {
    expect(traceWeight(trace(more))).toBe(weight);
  });
});
