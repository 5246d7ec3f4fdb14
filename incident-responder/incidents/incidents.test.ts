import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Scorecard } from '../scorecard/scorecard.ts';
import { type FakePrometheus, startFakePrometheus } from '../testing/fake-prometheus.ts';
import { alertPayload, webhookPayload } from '../testing/payloads.ts';
import { showSlowIdentity } from '../testing/slow-identity.ts';
import { startTestResponder, TEST_OPERATOR_TOKEN, type TestResponder } from '../testing/test-responder.ts';

vi.setConfig({ testTimeout: 30_000 });

let dataDir: string;
let prometheus: FakePrometheus;
let responder: TestResponder;
const start = async () => {
  responder = await startTestResponder({
    dataDir,
    keepData: true,
    response: { prometheusUrl: prometheus.url, intervalMs: 50 },
  });
};
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'incidents-'));
  prometheus = await startFakePrometheus();
  showSlowIdentity(prometheus, Date.parse('2026-03-01T10:00:00Z') / 1000);
  await start();
  await vi.waitFor(() => expect(prometheus.asked.some((query) => query.startsWith('topk(500'))).toBe(true));
  await new Promise((resolve) => setTimeout(resolve, 100));
});
afterEach(async () => {
  await responder.close();
  await prometheus.close();
  rmSync(dataDir, { recursive: true });
});

type Json = Record<string, unknown> & {
  incidents: Record<string, unknown>[];
  incident: Record<string, unknown>;
};
const get = async (path: string) => (await responder.getJson(path)) as unknown as Json;
const alert = (service: string, fingerprint: string, more: Parameters<typeof alertPayload>[0] = {}) =>
  alertPayload({
    fingerprint,
    startsAt: '2026-03-01T10:00:00Z',
    ...more,
    labels: { service, ...more.labels },
  });

describe('alerts become incidents', () => {
  it('one for what belongs together by the service graph, another for what does not', async () => {
    await responder.deliver(
      webhookPayload([
        alert('storefront', 'a'),
        alert('identity', 'b', { startsAt: '2026-03-01T10:04:00Z' }),
        alert('ledger', 'c'),
      ]),
    );
    expect((await get('/api/incidents')).incidents).toMatchObject([
      { id: 2, services: ['ledger'], alertCount: 1, severity: 'SEV2' },
      { id: 1, services: ['storefront', 'identity'], alertCount: 2 },
    ]);
  });

  it('of two clusters one each, which names it, and one ends without the other', async () => {
    const of = (cluster: string, service: string, more = {}) =>
      alert(service, `${service} of ${cluster}`.replaceAll(/[^0-9a-f]/g, '') + cluster.length, {
        labels: { cluster },
        ...more,
      });
    const europe = [of('eu-1', 'storefront'), of('eu-1', 'identity')];
    const america = [of('america-1', 'storefront'), of('america-1', 'identity')];
    await responder.deliver(webhookPayload([europe[0]!, america[0]!, europe[1]!, america[1]!]));
    const { incidents } = await get('/api/incidents');
    expect(incidents).toMatchObject([
      { id: 2, cluster: 'america-1', title: expect.stringContaining(' in america-1'), alertCount: 2 },
      { id: 1, cluster: 'eu-1', title: expect.stringContaining(' in eu-1'), alertCount: 2 },
    ]);
    await responder.deliver(
      webhookPayload(
        europe.map((each) => ({ ...each, status: 'resolved' as const, endsAt: '2026-03-01T10:10:00Z' })),
      ),
    );
    expect((await get('/api/incidents')).incidents).toMatchObject([
      { cluster: 'america-1', status: 'open' },
      { cluster: 'eu-1', status: 'resolved' },
    ]);
  });

  it('even while Prometheus is down, by the graph from before the restart', async () => {
    await responder.close();
    prometheus.setDown(true);
    await start();
    await responder.deliver(webhookPayload([alert('storefront', 'a'), alert('identity', 'b')]));
    expect((await get('/api/incidents')).incidents).toMatchObject([{ services: ['storefront', 'identity'] }]);
  });

  it('which info joins but does not open, and the Watchdog neither', async () => {
    const info = alert('storefront', 'a', { labels: { severity: 'info' } });
    await responder.deliver(webhookPayload([info]));
    expect((await get('/api/incidents')).incidents).toEqual([]);
    await responder.deliver(
      webhookPayload([alert('storefront', 'b'), alert('storefront', 'c', { labels: { severity: 'info' } })]),
    );
    expect((await get('/api/incidents')).incidents).toMatchObject([{ alertCount: 2 }]);
  });

  it('once, however often they are delivered, and an alert that comes back stays in its incident', async () => {
    const both = [alert('storefront', 'a'), alert('identity', 'b')];
    for (let time = 0; time < 3; time += 1) await responder.deliver(webhookPayload(both));
    await responder.deliver(
      webhookPayload([
        { ...both[0]!, status: 'resolved' as const, endsAt: '2026-03-01T10:10:00Z' },
        both[1]!,
      ]),
    );
    await responder.deliver(
      webhookPayload([alert('storefront', 'a', { startsAt: '2026-03-01T11:00:00Z' }), both[1]!]),
    );
    const { incidents } = await get('/api/incidents');
    expect(incidents).toMatchObject([{ id: 1, firingCount: 2, status: 'open' }]);
    const opened = ['SEV1', 'SEV2'].map((severity) =>
      responder.metric(`aiops_incidents_total{severity="${severity}"}`),
    );
    expect((await Promise.all(opened)).toSorted()).toEqual([0, 1]);
  });

  it('that resolve with their last alert and leave a postmortem draft, in which nothing of an alert is markup', async () => {
    const nasty = '<img src=x onerror=alert(1)> | [x](javascript:alert(1)) `$(reboot)` {{ end }}\n# Title';
    const firing = alert('storefront', 'a', {
      annotations: { summary: nasty, dashboard_url: 'javascript:alert(1)' },
    });
    await responder.deliver(webhookPayload([firing]));
    await responder.deliver(
      webhookPayload([{ ...firing, status: 'resolved' as const, endsAt: '2026-03-01T10:10:00Z' }]),
    );
    expect((await get('/api/incidents')).incidents).toMatchObject([{ status: 'resolved', firingCount: 0 }]);
    const markdown = await vi.waitFor(async () => {
      const response = await fetch(`${responder.url}/api/incidents/1/postmortem`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain('text/plain');
      return await response.text();
    });
    expect(markdown).toContain('# Postmortem: ErrorBudgetBurn');
    expect(markdown).not.toMatch(/<img|\(javascript|<javascript|`\$|^# Title/m);
    expect(markdown.match(/^\|.*onerror.*\|$/m)?.[0].split('|')).toHaveLength(4);
  });
});

it('a probable root is judged by an operator alone, and the verdicts are counted', async () => {
  await responder.deliver(webhookPayload([alert('storefront', 'a')]));
  await vi.waitFor(async () =>
    expect((await get('/api/incidents')).incidents[0]!.hypotheses).not.toEqual([]),
  );
  const judge = (
    verdict: string,
    headers = { authorization: `Bearer ${TEST_OPERATOR_TOKEN}` },
    source = 'people',
  ) =>
    fetch(`${responder.url}/api/incidents/1/verdict`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ verdict, source }),
    });
  expect((await judge('right', { authorization: 'Bearer of nothing' })).status).toBe(401);
  expect((await judge('perhaps')).status).toBe(400);
  expect((await judge('right')).status).toBe(200);
  expect((await get('/api/incidents/1')).incident).toMatchObject({ rootVerdict: { verdict: 'right' } });
  expect((await judge('wrong', undefined, 'drill')).status).toBe(200);
  expect((await get('/api/incidents/1')).incident).toMatchObject({
    rootVerdict: { verdict: 'wrong', source: 'drill', by: 'drill' },
  });
  expect(
    await responder.metric('aiops_root_verdicts{verdict="wrong",source="drill",claimed="0.2"}'),
  ).toBeDefined();
  const { roots, times } = (await get('/api/scorecard?days=35')) as unknown as Scorecard;
  expect(roots).toMatchObject({ judged: 0 });
  expect(times.detect).toMatchObject({ incidents: 0, medianSeconds: null });
});

it('an incident does not wait for alerts that only say how much of a budget is left', async () => {
  const budget = alert('storefront', 'b', { alertname: 'ErrorBudgetPolicy', labels: { severity: 'ticket' } });
  await responder.deliver(webhookPayload([alert('storefront', 'a'), budget]));
  expect((await get('/api/incidents')).incidents).toMatchObject([
    { status: 'open', alertCount: 2, firingCount: 1 },
  ]);
  await responder.deliver(webhookPayload([alert('storefront', 'a', { status: 'resolved' }), budget]));
  expect((await get('/api/incidents')).incidents).toMatchObject([{ status: 'resolved' }]);
});

it('context joins an incident without changing its onset, services, severity or title', async () => {
  await responder.deliver(
    webhookPayload([
      alert('storefront', 'a', { startsAt: '2026-03-01T10:02:00Z', labels: { severity: 'ticket' } }),
    ]),
  );
  const about = async () => {
    const { startedAt, services, severity, title } = (await get('/api/incidents')).incidents[0]!;
    return { startedAt, services, severity, title };
  };
  // Assessed once.
  await vi.waitFor(async () => expect((await about()).title).toContain('probably identity'));
  const before = await about();
  expect(before).toMatchObject({ services: ['storefront'], severity: 'SEV3' });
  await responder.deliver(
    webhookPayload([
      alert('identity', 'b', { labels: { severity: 'info' } }),
      alert('fulfillment', 'c', { alertname: 'ErrorBudgetPolicy', labels: { severity: 'ticket' } }),
      // Later than the incident's own last alert: context keeps no door open for others either.
      alert('identity', 'd', { startsAt: '2026-03-01T10:06:00Z', labels: { severity: 'info' } }),
    ]),
  );
  const queries = prometheus.asked.length;
  // Assessed at least once more with them.
  await vi.waitFor(() => expect(prometheus.asked.length).toBeGreaterThan(queries + 40));
  expect((await get('/api/incidents')).incidents).toMatchObject([{ alertCount: 4, firingCount: 1 }]);
  expect(await about()).toEqual(before);
});
