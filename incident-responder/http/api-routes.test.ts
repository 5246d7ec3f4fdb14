import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertPayload, webhookPayload } from '../testing/payloads.ts';
import { type Answer, startTestResponder, type TestResponder } from '../testing/test-responder.ts';

let responder: TestResponder;
beforeEach(async () => {
  responder = await startTestResponder();
});
afterEach(() => responder.close());

describe('GET /api/notifications', () => {
  it('shows when a notification came, and what each alert said', async () => {
    const before = Date.now();
    await responder.deliver(webhookPayload([alertPayload({ status: 'resolved' })]));
    const { notifications, next } = await responder.getJson('/api/notifications');
    expect(next).toBeNull();
    expect(notifications).toMatchObject([
      {
        id: 1,
        receiver: 'page',
        status: 'resolved',
        deliveries: 1,
        truncatedAlerts: 0,
        alerts: [
          {
            status: 'resolved',
            startsAt: '2026-03-01T10:00:00.123Z',
            endsAt: '2026-03-01T11:00:00.000Z',
            labels: { alertname: 'ErrorBudgetBurn', service: 'storefront' },
            annotations: { summary: 'Errors burn the budget' },
          },
        ],
      },
    ]);
    const received = Date.parse(notifications[0]!.receivedAt);
    expect(received).toBeGreaterThanOrEqual(before);
    expect(received).toBeLessThanOrEqual(Date.now());
  });

  it('gives what was asked for, page by page', async () => {
    for (const fingerprint of ['a', 'b', 'c'])
      await responder.deliver(webhookPayload([alertPayload({ fingerprint })]));
    const first = await responder.getJson(
      '/api/notifications?limit=2&alertname=ErrorBudgetBurn&status=firing',
    );
    expect(first).toMatchObject({ notifications: [{ id: 3 }, { id: 2 }], next: 2 });
    const second = await responder.getJson(`/api/notifications?limit=2&before=${first.next}`);
    expect(second).toMatchObject({ notifications: [{ id: 1 }], next: null });
    const since = encodeURIComponent(new Date(Date.now() + 60_000).toISOString());
    expect((await responder.getJson(`/api/notifications?since=${since}`)).notifications).toEqual([]);
    expect((await responder.getJson('/api/notifications?since=0')).notifications).toHaveLength(3);
  });

  it.each([
    'since=yesterday',
    'status=open',
    'limit=0',
    'limit=1000',
    'before=x',
    'colour=red',
    'since=1&since=2',
  ])('refuses ?%s with the reason', async (query) => {
    const response = await fetch(`${responder.url}/api/notifications?${query}`);
    expect(response.status).toBe(400);
    expect(((await response.json()) as Answer).error).toContain('expected since: ISO 8601');
  });
});

describe('GET /api/alerts', () => {
  it('shows what fires', async () => {
    const other = alertPayload({
      alertname: 'TargetDown',
      fingerprint: 'b',
      startsAt: '2026-02-01T00:00:00Z',
    });
    await responder.deliver(webhookPayload([alertPayload(), other]));
    expect((await responder.getJson('/api/alerts')).alerts).toMatchObject([
      {
        labels: { alertname: 'TargetDown' },
        receiver: 'page',
        startsAt: '2026-02-01T00:00:00.000Z',
        endsAt: null,
      },
      { labels: { alertname: 'ErrorBudgetBurn' } },
    ]);
    await responder.deliver(webhookPayload([alertPayload({ status: 'resolved' }), other]));
    expect((await responder.getJson('/api/alerts')).alerts).toMatchObject([
      { labels: { alertname: 'TargetDown' } },
    ]);
  });
});

describe('what is not there', () => {
  it('gets 404, and a path that cannot be decoded 400', async () => {
    expect((await fetch(`${responder.url}/api/nothing`)).status).toBe(404);
    expect((await fetch(`${responder.url}/webhook/alertmanager`)).status).toBe(404);
    expect((await fetch(`${responder.url}/runbooks/%E0%A4%A`)).status).toBe(400);
  });
});
