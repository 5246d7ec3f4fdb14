import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RecordingEndpoint, startRecordingEndpoint } from '../testing/recording-endpoint.ts';
import { startAlertmanager } from '../testing/running-alertmanager.ts';

const binary = process.env.ALERTMANAGER ?? '';

describe.skipIf(binary === '')(`Slack (${binary || 'skipped: ALERTMANAGER does not name a binary'})`, () => {
  let slack: RecordingEndpoint;
  let webhook: RecordingEndpoint;
  beforeAll(async () => {
    slack = await startRecordingEndpoint();
    webhook = await startRecordingEndpoint();
  });
  afterAll(() => Promise.all([slack.close(), webhook.close()]));

  /** Posts a page to an Alertmanager with these files in secrets/notifications and waits for the webhook. */
  async function page(
    service: string,
    notifications: Record<string, string>,
    check: () => Promise<void> | void,
  ) {
    const alertmanager = await startAlertmanager({
      binary,
      webhookUrl: webhook.url,
      webhookToken: 'unused',
      notifications,
    });
    try {
      await alertmanager.post([
        {
          labels: { alertname: 'ErrorBudgetBurn', severity: 'page', service, slo: 'availability' },
          annotations: { summary: `The error budget of ${service} burns` },
        },
      ]);
      await vi.waitFor(() => expect(webhook.bodies.join()).toContain(service), {
        timeout: 10_000,
        interval: 50,
      });
      await check();
    } finally {
      await alertmanager.stop();
    }
  }

  it.concurrent(
    'hears of a page in the words of the template, with its URL in place',
    () =>
      page('storefront', { slack: slack.url }, async () => {
        await vi.waitFor(() => expect(slack.bodies).toHaveLength(1), { timeout: 5_000, interval: 50 });
        expect(JSON.parse(slack.bodies[0] ?? '')).toMatchObject({
          attachments: [
            {
              title: '[PAGE] ErrorBudgetBurn: storefront / availability',
              text: expect.stringContaining('The error budget of storefront burns\nSince: '),
            },
          ],
        });
      }),
    20_000,
  );

  it.concurrent(
    'hears nothing without',
    () => page('identity', {}, () => expect(slack.bodies.join()).not.toContain('identity')),
    20_000,
  );
});
