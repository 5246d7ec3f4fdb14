import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { FULFILLMENT_INSTANCES } from '@aiops-sre/conventions/services.ts';
import { describe, expect, test } from 'vitest';
import { eventually, stackUnderTest } from '../../testing/stack-under-test.ts';

const stack = stackUnderTest();

describe('one request', () => {
  test('becomes one trace through storefront, identity and fulfillment, every span under its parent', async () => {
    const { traceId, response } = await stack.tracedRequest('POST', '/api/documents', { kind: 'invoice' });
    expect(response.status).toBe(201);
    const spans = await eventually('trace of all three services', 30_000, async () => {
      const found = await stack.spans(traceId);
      return new Set(found.map(({ service }) => service)).size === 3 && found;
    });
    const ids = new Set(spans.map(({ spanId }) => spanId));
    const roots = spans.filter(({ parentSpanId }) => !ids.has(parentSpanId));
    expect(roots.map(({ service }) => service)).toEqual(['storefront']);
    // Server and client of each of two calls, the storefront's own, and the statement that stores the document.
    expect(spans).toHaveLength(6);
  });

  test('that is malformed is answered 400 with a reason, an unknown id 404', async () => {
    const malformed = await stack.http.post(stack.url('storefront', '/api/orders'), '{"items": [', {
      headers: { 'content-type': 'application/json' },
    });
    expect(malformed.status).toBe(400);
    expect(malformed.data.error).toMatch(/JSON/);
    const unknown = await stack.http.get(stack.url('storefront', '/api/orders/no-such-order'));
    expect(unknown.status).toBe(404);
  });
});

test('a request leaves an event in the log of each service it went through, under its trace', async () => {
  const { traceId } = await stack.tracedRequest('POST', '/api/documents', { kind: 'label' });
  const query = `{service_name=~".+"} | event="request" | trace_id="${traceId}"`;
  const events = await eventually('event of all three services', 30_000, async () => {
    const lines = await stack.logLines(query);
    // A failed try at fulfillment leaves one more.
    return new Set(lines.map(({ fields }) => fields.service_name)).size === 3 && lines;
  });
  for (const { fields } of events)
    expect(fields).toMatchObject({ deployment_environment_name: 'demo', span_id: expect.any(String) });
});

describe('Prometheus', () => {
  test('reaches every scrape target', async () => {
    const targets = await eventually('state in which every target is up', 45_000, async () => {
      const found = await stack.prometheus.targets();
      return found.length > 0 && found.every(({ health }) => health === 'up') && found;
    });
    const jobs = new Set(targets.map(({ labels }) => labels.job));
    for (const job of [
      'demo-app',
      'otlp',
      'otel-collector',
      'prometheus',
      'alertmanager',
      'tempo',
      'loki',
      'anomaly-detector',
      'incident-responder',
    ]) {
      expect(jobs).toContain(job);
    }
    expect(targets.filter(({ labels }) => labels.service === 'fulfillment')).toHaveLength(
      FULFILLMENT_INSTANCES.length,
    );
  });

  test.each([
    [
      'rate of the storefront by route',
      `sum by (route) (rate(${METRICS.httpRequests}{service="storefront"}[1m])) > 0`,
    ],
    [
      'errors of the storefront, at zero before the first one',
      `sum(${METRICS.httpRequests}{service="storefront",status_class="5xx"})`,
    ],
    [
      'duration with a bucket at the objective',
      `sum(rate(${METRICS.httpServerDuration}_bucket{http_route!="",le="0.5"}[1m])) > 0`,
    ],
    [
      'span metrics by service',
      `sum by (service_name) (rate(${METRICS.spanCalls}{service_name="identity"}[1m])) > 0`,
    ],
    [
      'service graph from storefront to identity',
      `${METRICS.serviceGraphRequests}{client="storefront",server="identity"} > 0`,
    ],
    [
      'service graph from storefront to fulfillment',
      `${METRICS.serviceGraphRequests}{client="storefront",server="fulfillment"} > 0`,
    ],
    [
      'service graph from storefront to its database',
      `${METRICS.serviceGraphRequests}{client="storefront",server="shop"} > 0`,
    ],
    [
      'service graph from checkout to payments',
      `${METRICS.serviceGraphRequests}{client="checkout",server="payments"} > 0`,
    ],
    ['rows of the shop’s tables', 'sum(postgresql_rows{job="postgresql",state="live",table="orders"}) > 0'],
    [
      'version of the application',
      `${METRICS.demoAppInfo}{service="storefront",version!="",revision!="",environment="demo"}`,
    ],
    [
      'a month of history',
      `count_over_time(sum(${METRICS.httpRequests}{service="storefront"})[31d:1d]) >= 30`,
    ],
  ])('holds the %s', async (what, query) => {
    await eventually(what, 45_000, async () => (await stack.prometheus.query(query)).length > 0);
  });

  test('leads from a latency bucket to a trace that Tempo has, and to its lines in Loki', async () => {
    await eventually('exemplar whose trace is in Tempo and whose lines are in Loki', 60_000, async () => {
      const { data } = await stack.http.get(stack.url('prometheus', '/api/v1/query_exemplars'), {
        params: {
          query: `${METRICS.spanDuration}_bucket{service_name="storefront"}`,
          start: Date.now() / 1000 - 300,
          end: Date.now() / 1000,
        },
      });
      // biome-ignore lint/suspicious/noExplicitAny: the API's JSON
      const ids: string[] = data.data.flatMap(({ exemplars }: any) =>
        // biome-ignore lint/suspicious/noExplicitAny: the API's JSON
        exemplars.map(({ labels }: any) => labels.trace_id),
      );
      for (const id of ids) {
        if ((await stack.spans(id)).length === 0) continue;
        const lines = await stack.logLines(`{service_name="storefront"} | trace_id="${id}"`);
        if (lines.some(({ fields }) => fields.event === 'request')) return true;
      }
      return false;
    });
  });
});

test('the webhook hears the watchdog', async () => {
  await eventually('watchdog heard within the last two minutes', 120_000, async () => {
    const age = await stack.prometheus.value('incident_responder_watchdog_age_seconds');
    return age !== undefined && age >= 0 && age < 120;
  });
}, 130_000);
