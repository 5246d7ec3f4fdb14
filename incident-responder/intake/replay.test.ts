import { afterEach, beforeEach, expect, it } from 'vitest';
import { alertPayload, webhookPayload } from '../testing/payloads.ts';
import { startTestResponder, type TestResponder } from '../testing/test-responder.ts';

let responder: TestResponder;
beforeEach(async () => {
  responder = await startTestResponder();
});
afterEach(() => responder.close());

it('a replayed end is refused and counted, and ends nothing that fires again', async () => {
  const first = webhookPayload([alertPayload()]);
  const ended = webhookPayload([alertPayload({ status: 'resolved' })]);
  const again = webhookPayload([alertPayload({ startsAt: '2026-03-01T12:00:00Z' })]);
  for (const body of [first, ended, again]) expect((await responder.deliver(body)).status).toBe(200);
  expect((await responder.deliver(ended)).status).toBe(409);
  expect((await responder.getJson('/api/alerts')).alerts).toHaveLength(1);
  expect(await responder.metric('incident_responder_webhook_failures_total{reason="replayed"}')).toBe(1);
  expect(await responder.getJson('/api/incidents')).toMatchObject({
    incidents: [
      { id: 2, status: 'open' },
      { id: 1, status: 'resolved' },
    ],
  });
});
