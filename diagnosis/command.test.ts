import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { asOtlpJson, call, traceOf } from '@aiops-sre/investigation/testing/trace-builder.ts';
import type { Trace } from '@aiops-sre/investigation/traces/span.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diagnoseCommand } from './command.ts';

/** Stands in for every component: answers by path, and keeps what it was asked. */
async function startComponents() {
  const answers = new Map<string, (parameters: URLSearchParams) => unknown>();
  const asked: URL[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, 'http://localhost');
    asked.push(url);
    const form = request.method === 'POST' ? await text(request) : '';
    const answer = answers.get(url.pathname)?.(
      new URLSearchParams([...url.searchParams, ...new URLSearchParams(form)]),
    );
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { answers, asked, url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

let components: Awaited<ReturnType<typeof startComponents>>;
let out: string[];
let err: string[];
const NOW = 1_700_000_600;

beforeEach(async () => {
  components = await startComponents();
  out = [];
  err = [];
});
afterEach(() => void components.close());

const run = (...args: string[]) =>
  diagnoseCommand(args, {
    addresses: {
      prometheusUrl: components.url,
      tempoUrl: components.url,
      lokiUrl: components.url,
      alertmanagerUrl: components.url,
      grafanaUrl: components.url,
      responderUrl: components.url,
    },
    nowSeconds: NOW,
    out: (text) => out.push(text),
    err: (text) => err.push(text),
  });

const vector = (result: readonly { metric: object; value: number }[]) => ({
  status: 'success',
  data: {
    resultType: 'vector',
    result: result.map(({ metric, value }) => ({ metric, value: [NOW, `${value}`] })),
  },
});

/** Tempo with these traces: the failing, the slow and the rest are found by the search for them. */
function serve(traces: { failing?: Trace[]; slow?: Trace[]; rest?: Trace[] }) {
  const { failing = [], slow = [], rest = [] } = traces;
  components.answers.set('/api/search', (parameters) => {
    const q = parameters.get('q')!;
    const matching = q.includes('status = error') ? failing : q.includes('duration >') ? slow : rest;
    return { traces: matching.map(({ traceId }) => ({ traceID: traceId.replace(/^0+/, '') })) };
  });
  for (const trace of [...failing, ...slow, ...rest])
    components.answers.set(`/api/v2/traces/${trace.traceId}`, () => asOtlpJson(trace));
  components.answers.set('/api/v1/query', () => vector([]));
}

const many = (count: number, make: () => Trace) => Array.from({ length: count }, make);

function document({
  instance,
  failed = false,
  accounts = 0,
}: {
  instance: string;
  failed?: boolean;
  accounts?: number;
}): Trace {
  const loop = Array.from({ length: accounts }, (_, index) =>
    call('shop', {
      service: 'identity',
      name: 'GET /accounts/:id',
      from: 40 + index * 40,
      to: 70 + index * 40,
    }),
  );
  return traceOf({
    service: 'shop',
    name: 'POST /documents',
    from: 0,
    to: 40 + accounts * 40,
    failed,
    attributes: { 'http.response.status_code': failed ? '502' : '201' },
    children: [
      call('shop', {
        service: 'fulfillment',
        name: 'POST /documents',
        from: 5,
        to: 20,
        failed,
        resource: { 'service.instance.id': instance },
      }),
      ...loop,
    ],
  });
}

describe('the diagnosis', () => {
  it('names the instance that the failing requests have in common, and says where to look next', async () => {
    serve({
      failing: many(20, () => document({ instance: 'fulfillment-3', failed: true })),
      rest: [1, 2, 3, 4].flatMap((n) => many(10, () => document({ instance: `fulfillment-${n}` }))),
    });
    expect(await run('--service', 'shop')).toBe(0);
    expect(out.join()).toContain(
      'What stands out is fulfillment: service.instance.id = fulfillment-3: 100 % of them have it, 25 % of the rest',
    );
    expect(out.join()).toContain('instance fulfillment-3 of fulfillment');
    expect(out.join()).toContain('/d/tracing?var-service=shop');
  });

  it('says that only the probe fails, where the service counts nothing of it, and is silent about a probe that succeeds', async () => {
    serve({ rest: many(20, () => document({ instance: 'fulfillment-1' })) });
    const checks = (failed: number) =>
      components.answers.set('/api/v1/query', (parameters) => {
        const query = parameters.get('query')!;
        if (query.includes('probe_failures_total'))
          return vector([{ metric: { probe: 'checkout', stage: 'find' }, value: failed }]);
        return query.includes('probe_checks_total')
          ? vector([
              { metric: { result: 'success' }, value: 18 - failed },
              { metric: { result: 'failure' }, value: failed },
            ])
          : vector([]);
      });
    checks(12.2);
    expect(await run('--service', 'shop')).toBe(0);
    expect(out.join()).toContain('Seen from outside: 12 of 18 checks failed: checkout, find (12).');
    expect(out.join()).toContain('Only the probe fails: shop counts no failed request.');
    checks(0);
    out.length = 0;
    expect(await run('--service', 'shop')).toBe(0);
    expect(out.join()).not.toContain('outside');
  });

  it('does not say so of a service of which nothing is seen', async () => {
    serve({});
    components.answers.set('/api/v1/query', (parameters) =>
      vector(
        parameters.get('query')!.includes('probe_checks_total')
          ? [{ metric: { result: 'failure' }, value: 3 }]
          : [],
      ),
    );
    expect(await run('--service', 'shop')).toBe(0);
    expect(out.join()).toContain('3 of 3 checks failed');
    expect(out.join()).not.toContain('Only the probe');
  });

  it('does not blame the probe alone where the service counts failures, too', async () => {
    serve({ failing: many(20, () => document({ instance: 'fulfillment-3', failed: true })) });
    components.answers.set('/api/v1/query', (parameters) =>
      vector(
        parameters.get('query')!.includes('probe_checks_total')
          ? [{ metric: { result: 'failure' }, value: 3 }]
          : [],
      ),
    );
    expect(await run('--service', 'shop')).toBe(0);
    expect(out.join()).toContain('3 of 3 checks failed');
    expect(out.join()).not.toContain('Only the probe');
  });

  it('is about the service of which most requests failed, where none is named', async () => {
    serve({});
    components.answers.set('/api/v1/query', () =>
      vector([{ metric: { service_name: 'say "hi"' }, value: 9 }]),
    );
    expect(await run()).toBe(0);
    expect(out.join()).toContain('Requests of say "hi"');
    const searched = components.asked.find(({ pathname }) => pathname === '/api/search')!;
    expect(searched.searchParams.get('q')).toContain('resource.service.name = "say \\"hi\\""');
  });

  it('is about the service that was asked most where counts were read only once so far', async () => {
    serve({});
    components.answers.set('/api/v1/query', (asked) =>
      vector(
        asked.get('query')!.includes('max_over_time') ? [{ metric: { service_name: 'shop' }, value: 1 }] : [],
      ),
    );
    expect(await run()).toBe(0);
    expect(out.join()).toContain('Requests of shop');
  });

  it('says so where no service has sent anything', async () => {
    serve({});
    expect(await run()).toBe(1);
    expect(err.join()).toContain('no service has sent a span');
  });

  it('says how calls of every protocol failed', async () => {
    const failing = (statusMessage: string, attributes: Record<string, string>) =>
      many(3, () =>
        traceOf({
          service: 'shop',
          name: 'Cart/Add',
          from: 0,
          to: 9,
          failed: true,
          statusMessage,
          attributes,
        }),
      );
    serve({
      failing: [
        ...failing('full', { 'rpc.grpc.status_code': '8' }),
        ...failing('', { 'http.status_code': '500' }),
      ],
    });
    await run('--service', 'shop', '--json');
    const { failing: found } = JSON.parse(out.join());
    expect(found.outcomes.map(({ outcome }: { outcome: string }) => outcome).sort()).toEqual([
      '500',
      '8 full',
    ]);
  });

  it('says what slow requests wait for, and names the loop', async () => {
    serve({
      slow: many(10, () => document({ instance: 'fulfillment-1', accounts: 20 })),
      rest: many(40, () => document({ instance: 'fulfillment-1' })),
    });
    await run('--service', 'shop');
    expect(out.join()).toMatch(/identity GET \/accounts\/:id +71 %/);
    expect(out.join()).toContain(
      'N+1: shop POST /documents calls identity GET /accounts/:id 20 times, one after the other, in 10 of 10',
    );
  });

  it('names a retry that helped', async () => {
    const retried = () =>
      traceOf({
        service: 'shop',
        name: 'POST /documents',
        from: 0,
        to: 100,
        children: [10, 40].map((from) =>
          call('shop', {
            service: 'fulfillment',
            name: 'POST /documents',
            from,
            to: from + 20,
            failed: from === 10,
          }),
        ),
      });
    serve({ rest: [...many(5, retried), ...many(30, () => document({ instance: 'fulfillment-1' }))] });
    await run('--service', 'shop');
    expect(out.join()).toContain(
      'Retry: shop POST /documents calls fulfillment POST /documents again after it failed, in 5 of 35',
    );
  });

  it('says so when nothing is wrong', async () => {
    serve({ rest: many(10, () => document({ instance: 'fulfillment-1' })) });
    expect(await run('--service', 'shop')).toBe(0);
    expect(out.join()).toContain('No trace of one.');
  });

  it('is one JSON object for a machine', async () => {
    serve({
      failing: many(20, () => document({ instance: 'fulfillment-3', failed: true })),
      rest: many(40, () => document({ instance: 'fulfillment-1' })),
    });
    await run('--service', 'shop', '--json');
    const { failing } = JSON.parse(out.join());
    expect(failing.differences[0]).toMatchObject({
      fact: 'fulfillment service.instance.id=fulfillment-3',
      shareOfBad: 1,
      shareOfRest: 0,
      lift: null,
    });
  });

  it('reads no more traces than it is told, from all over the range', async () => {
    serve({});
    await run(
      '--service',
      'shop',
      '--traces',
      '12',
      '--from',
      '2023-11-14T22:00:00Z',
      '--to',
      '2023-11-14T22:12:00Z',
    );
    const searches = components.asked.filter(({ pathname }) => pathname === '/api/search');
    expect(searches).toHaveLength(3 * 6);
    expect(new Set(searches.map(({ searchParams }) => searchParams.get('limit')))).toEqual(new Set(['2']));
    expect(new Set(searches.map(({ searchParams }) => searchParams.get('start'))).size).toBe(6);
  });
});

describe('a wrong call', () => {
  it.each([
    [['--since', 'yesterday'], /--since: expected a time such as/],
    [['--since', '30d'], /7 days/],
    [['--from', '2023-11-15T00:00:00Z'], /--from: expected a time before --to/],
    [['--slower-than', 'slow'], /--slower-than: expected/],
    [['--traces', '0'], /--traces: expected a whole number/],
  ])('%j is refused with the reason', async (args, reason) => {
    expect(await run(...args)).toBe(2);
    expect(err.join()).toMatch(reason);
    expect(components.asked).toEqual([]);
  });

  it('to a Tempo that answers something else says what', async () => {
    components.answers.set('/api/search', () => ({ traces: 'none' }));
    expect(await run('--service', 'shop')).toBe(1);
    expect(err.join()).toMatch(/^Tempo at http:.*\/api\/search: not an answer of its API: traces: /);
  });
});

describe('the way from an alert', () => {
  const trace = document({ instance: 'fulfillment-3', failed: true });
  const alert = {
    fingerprint: 'abc',
    startsAt: '2023-11-14T22:20:00Z',
    endsAt: '2023-11-14T22:24:00Z',
    updatedAt: '2023-11-14T22:20:00Z',
    receivers: [{ name: 'people' }],
    status: { state: 'active', inhibitedBy: [] },
    labels: { alertname: 'ErrorBudgetBurn', severity: 'page' },
    annotations: {
      summary: 'burns',
      dashboard_url: 'http://grafana/d/slo-detail?var-slo=shop-availability&var-service=shop',
    },
  };
  const serveAll = () => {
    components.answers.set('/api/v2/alerts', () => [
      { ...alert, labels: { alertname: 'Watchdog', severity: 'page' } },
      { ...alert, labels: { alertname: 'TargetDown', severity: 'ticket' } },
      alert,
    ]);
    components.answers.set('/api/v1/query', () =>
      vector([{ metric: { http_route: '/documents', http_request_method: 'POST' }, value: 17 }]),
    );
    components.answers.set('/api/v1/query_exemplars', () => ({
      status: 'success',
      data: [
        {
          seriesLabels: {},
          exemplars: [
            { labels: { trace_id: trace.traceId }, timestamp: NOW - 20 },
            { labels: { trace_id: 'f'.repeat(32) }, timestamp: NOW - 10 },
          ],
        },
      ],
    }));
    components.answers.set(`/api/v2/traces/${trace.traceId}`, () => asOtlpJson(trace));
    components.answers.set('/loki/api/v1/query_range', () => ({
      data: { result: [{ stream: { service_name: 'shop' }, values: [['1', 'request failed']] }] },
    }));
    components.answers.set('/api/health', () => ({ database: 'ok' }));
  };

  it('leads to its dashboard, the failing route, a trace that Tempo has, and the trace’s log lines', async () => {
    serveAll();
    expect(await run('--alert', '--json')).toBe(0);
    const trail = JSON.parse(out.join());
    expect(trail).toMatchObject({
      service: 'shop',
      slo: 'shop-availability',
      route: 'POST /documents',
      traceId: trace.traceId,
      logLines: ['shop request failed'],
    });
    expect(trail.steps.map(({ name, state }: { name: string; state: string }) => `${name} ${state}`)).toEqual(
      ['alert', 'dashboard', 'route', 'trace', 'logs'].map((name) => `${name} done`),
    );
    const logs = components.asked.find(({ pathname }) => pathname.startsWith('/loki'))!;
    expect(logs.searchParams.get('query')).toContain(trace.traceId);
  });

  it('goes on where Grafana does not run', async () => {
    serveAll();
    components.answers.delete('/api/health');
    expect(await run('--alert')).toBe(0);
    expect(out.join()).toMatch(/dashboard +skipped +Grafana does not run here/);
  });

  it.each([
    [
      'the exemplars’ traces are gone',
      `/api/v2/traces/${trace.traceId}`,
      /trace +FAILED +no exemplar of POST \/documents/,
    ],
    ['Loki is down', '/loki/api/v1/query_range', /logs +FAILED +Loki at /],
  ])('fails, and says where it ends, when %s', async (_case, path, said) => {
    serveAll();
    components.answers.delete(path);
    expect(await run('--alert')).toBe(1);
    expect(out.join()).toMatch(said);
  });

  it('says which alerts fire when the wanted one does not', async () => {
    serveAll();
    expect(await run('--alert', 'Nothing')).toBe(1);
    expect(err.join()).toBe('no alert Nothing fires; these do: TargetDown, ErrorBudgetBurn');
  });
});
