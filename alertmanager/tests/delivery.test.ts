import {
  startTestResponder,
  TEST_TOKEN,
  type TestResponder,
} from '@aiops-sre/incident-responder/testing/test-responder.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningAlertmanager, startAlertmanager } from '../testing/running-alertmanager.ts';

const binary = process.env.ALERTMANAGER ?? '';

describe.skipIf(binary === '')(
  `delivery to the incident responder (${binary || 'skipped: ALERTMANAGER does not name a binary'})`,
  () => {
    let responder: TestResponder;
    let alertmanager: RunningAlertmanager;
    beforeAll(async () => {
      responder = await startTestResponder();
      alertmanager = await startAlertmanager({
        binary,
        webhookUrl: `${responder.url}/webhook/alertmanager`,
        webhookToken: TEST_TOKEN,
      });
    }, 20_000);
    afterAll(async () => {
      await alertmanager?.stop();
      await responder?.close();
    });

    it('brings the Watchdog at once and a page within seconds', async () => {
      await alertmanager.post([
        { labels: { alertname: 'Watchdog', severity: 'info', service: 'platform', slo: 'none' } },
        {
          labels: {
            alertname: 'ErrorBudgetBurn',
            severity: 'page',
            service: 'storefront',
            slo: 'availability',
          },
        },
      ]);
      await vi.waitFor(
        async () => expect((await responder.getJson('/readyz')).watchdog.lastHeardAt).not.toBeNull(),
        { timeout: 4000, interval: 50 },
      );
      await vi.waitFor(
        async () =>
          expect((await responder.getJson('/api/notifications')).notifications).toMatchObject([
            { receiver: 'page', status: 'firing', alerts: [{ labels: { alertname: 'ErrorBudgetBurn' } }] },
          ]),
        { timeout: 10_000, interval: 100 },
      );
      expect((await responder.getJson('/api/alerts')).alerts).toHaveLength(1);
      expect(
        await responder.metric('incident_responder_webhook_failures_total{reason="unauthenticated"}'),
      ).toBe(0);
    }, 20_000);

    it('brings the pages of two clusters in two messages, which are two incidents', async () => {
      const page = (cluster: string) => ({
        labels: { alertname: 'ErrorBudgetBurn', severity: 'page', service: 'cart', slo: 'latency', cluster },
      });
      await alertmanager.post([page('eu-1'), page('us-1')]);
      const incidents = async () =>
        (
          (await responder.getJson('/api/incidents')) as unknown as {
            incidents: { title: string; alertCount: number }[];
          }
        ).incidents.filter(({ title }) => title.includes('cart'));
      await vi.waitFor(async () => expect(await incidents()).toHaveLength(2), {
        timeout: 15_000,
        interval: 100,
      });
      expect((await incidents()).map(({ title }) => title).sort()).toEqual([
        'ErrorBudgetBurn: cart in eu-1',
        'ErrorBudgetBurn: cart in us-1',
      ]);
      const { notifications } = (await responder.getJson('/api/notifications')) as unknown as {
        notifications: { alerts: { labels: Record<string, string> }[] }[];
      };
      expect(notifications.filter(({ alerts }) => alerts[0]?.labels.service === 'cart')).toMatchObject([
        { alerts: [{}] },
        { alerts: [{}] },
      ]);
    }, 25_000);
  },
);
