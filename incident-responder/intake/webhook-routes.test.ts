import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertPayload, webhookPayload } from '../testing/payloads.ts';
import { startTestResponder, TEST_TOKEN, type TestResponder } from '../testing/test-responder.ts';

let responder: TestResponder;
beforeEach(async () => {
  responder = await startTestResponder();
});
afterEach(() => responder.close());

const received = async () => (await responder.getJson('/api/notifications')).notifications;

describe('webhook', () => {
  it('takes a notification in and counts it', async () => {
    const response = await responder.deliver(webhookPayload());
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ outcome: 'stored', id: 1 });
    expect(await received()).toHaveLength(1);
    expect(
      await responder.metric('incident_responder_notifications_total{receiver="page",status="firing"}'),
    ).toBe(1);
  });

  it('keeps a redelivered notification once, and counts its deliveries', async () => {
    await responder.deliver(webhookPayload());
    const again = webhookPayload([alertPayload({ annotations: { summary: 'other numbers' } })]);
    expect(await (await responder.deliver(again)).json()).toEqual({ outcome: 'duplicate', id: 1 });
    expect(await received()).toMatchObject([{ id: 1, deliveries: 2 }]);
    expect(await responder.metric('incident_responder_duplicate_notifications_total{receiver="page"}')).toBe(
      1,
    );
  });

  it('accounts for every one of many deliveries at once', async () => {
    const deliveries = Array.from({ length: 200 }, (_, index) =>
      responder.deliver(webhookPayload(undefined, { groupKey: `group ${index % 100}` })),
    );
    const statuses = (await Promise.all(deliveries)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    const { notifications } = await responder.getJson('/api/notifications?limit=200');
    expect(notifications).toHaveLength(100);
    expect(notifications).toMatchObject(Array.from({ length: 100 }, () => ({ deliveries: 2 })));
    expect((await responder.getJson('/api/alerts')).alerts).toHaveLength(100);
  }, 30_000);

  it('asks for another delivery when it cannot store, and keeps nothing of the first', async () => {
    const blocker = new DatabaseSync(join(responder.dataDir, 'incident-responder.sqlite'));
    blocker.exec(
      "CREATE TRIGGER full BEFORE INSERT ON firing_alerts BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
    );
    expect((await responder.deliver(webhookPayload())).status).toBe(503);
    expect(await received()).toEqual([]);
    expect(await responder.metric(failures('storage'))).toBe(1);
    blocker.exec('DROP TRIGGER full');
    blocker.close();
    expect((await responder.deliver(webhookPayload())).status).toBe(200);
    expect(await received()).toHaveLength(1);
  });

  it('refuses a delivery without the right token, and stores nothing', async () => {
    for (const authorization of ['', 'Bearer ', `Bearer ${TEST_TOKEN}x`, `Basic ${TEST_TOKEN}`, TEST_TOKEN]) {
      const response = await responder.deliver(webhookPayload(), { authorization });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
    }
    expect(await received()).toEqual([]);
    expect(await responder.metric(failures('unauthenticated'))).toBe(5);
    expect(responder.logged.join('')).not.toContain(TEST_TOKEN);
  });

  it.each([
    ['a body that is no JSON', '{"version":', 400, 'malformed'],
    ['another version', webhookPayload(undefined, { version: '3' }), 400, 'invalid'],
    ['no alerts', webhookPayload([]), 400, 'invalid'],
    ['an alert without a name', nameless(), 400, 'invalid'],
    ['a time that is none', webhookPayload([alertPayload({ startsAt: 'now' })]), 400, 'invalid'],
    ['an array', [], 400, 'invalid'],
    [
      'more than 1 MB',
      webhookPayload([alertPayload({ labels: { long: 'x'.repeat(1 << 20) } })]),
      413,
      'too-large',
    ],
  ])('refuses %s', async (_case, body, status, reason) => {
    const response = await responder.deliver(body);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: expect.any(String) });
    expect(await responder.metric(failures(reason))).toBe(1);
    expect(await received()).toEqual([]);
  });

  it('refuses what is not JSON by its type, and compressed bodies', async () => {
    expect((await responder.deliver(webhookPayload(), { 'content-type': 'text/plain' })).status).toBe(415);
    const compressed = await fetch(`${responder.url}/webhook/alertmanager`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${TEST_TOKEN}`,
        'content-type': 'application/json',
        'content-encoding': 'gzip',
      },
      body: gzipSync(JSON.stringify(webhookPayload())),
    });
    expect(compressed.status).toBe(415);
    expect(await responder.metric(failures('unsupported'))).toBe(2);
  });

  it('hangs up on a stranger who announces a long body', async () => {
    const { hostname, port } = new URL(responder.url);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
      socket.write(
        'POST /webhook/alertmanager HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000000\r\n\r\n{',
      );
    });
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
  });

  it('takes everything without a token where authentication is off', async () => {
    const open = await startTestResponder({ webhookToken: undefined });
    try {
      expect((await open.deliver(webhookPayload(), { authorization: '' })).status).toBe(200);
    } finally {
      await open.close();
    }
  });
});

const failures = (reason: string) => `incident_responder_webhook_failures_total{reason="${reason}"}`;

function nameless() {
  const { alertname: _, ...labels } = alertPayload().labels;
  return webhookPayload([{ ...alertPayload(), labels: labels as ReturnType<typeof alertPayload>['labels'] }]);
}
