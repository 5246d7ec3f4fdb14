import getPort from 'get-port';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RecordingEndpoint, startRecordingEndpoint } from '../testing/recording-endpoint.ts';
import { type RunningAlertmanager, startAlertmanager } from '../testing/running-alertmanager.ts';

const binary = process.env.ALERTMANAGER ?? '';

describe.skipIf(binary === '')(
  `two replicas (${binary || 'skipped: ALERTMANAGER does not name a binary'})`,
  () => {
    let webhook: RecordingEndpoint;
    const replicas: RunningAlertmanager[] = [];
    beforeAll(async () => {
      webhook = await startRecordingEndpoint();
      const ports = [await getPort({ host: '127.0.0.1' }), await getPort({ host: '127.0.0.1' })];
      for (const port of ports) {
        const replica = await startAlertmanager({
          binary,
          webhookUrl: webhook.url,
          webhookToken: 'unused',
          clusterFlags: [
            `--cluster.listen-address=127.0.0.1:${port}`,
            ...ports.filter((other) => other !== port).map((other) => `--cluster.peer=127.0.0.1:${other}`),
            // Quicker than the defaults, so that the test is: they settle, and step in for each other, within seconds.
            '--cluster.gossip-interval=50ms',
            '--cluster.peer-timeout=2s',
          ],
        });
        replicas.push(replica);
      }
      for (const { url } of replicas) {
        await vi.waitFor(
          async () =>
            expect(await (await fetch(`${url}/api/v2/status`)).json()).toMatchObject({
              cluster: { status: 'ready', peers: [{}, {}] },
            }),
          { timeout: 15_000, interval: 100 },
        );
      }
    }, 40_000);
    afterAll(async () => {
      await Promise.all(replicas.map((replica) => replica.stop()));
      await webhook?.close();
    });

    const page = (service: string) => ({
      labels: { alertname: 'ErrorBudgetBurn', severity: 'page', service, slo: 'availability' },
    });
    const notificationsOf = (service: string) =>
      webhook.bodies.filter((body) => JSON.parse(body).groupLabels.service === service).length;

    it('notify once of an alert that both have', async () => {
      await Promise.all(replicas.map((replica) => replica.post([page('storefront')])));
      // Each asks the log of notifications, which they share, right before it would send.
      for (const replica of replicas) {
        await vi.waitFor(
          async () => expect(await replica.counter('alertmanager_nflog_queries_total')).toBeGreaterThan(0),
          { timeout: 15_000, interval: 100 },
        );
      }
      expect(notificationsOf('storefront')).toBe(1);
    }, 20_000);

    it('stand in for each other', async () => {
      const [first, second] = replicas;
      await first?.stop();
      await second?.post([page('identity')]);
      await vi.waitFor(() => expect(notificationsOf('identity')).toBe(1), { timeout: 15_000, interval: 100 });
      // Also not later by the second one.
      expect(notificationsOf('storefront')).toBe(1);
    }, 25_000);
  },
);
