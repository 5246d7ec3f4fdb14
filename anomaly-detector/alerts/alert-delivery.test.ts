import { createAlertmanagerClient } from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeAlertmanager, startFakeAlertmanager } from '../testing/fake-alertmanager.ts';
import type { Alert } from './alert.ts';
import { type AlertDelivery, createAlertDelivery } from './alert-delivery.ts';

const STARTED = 1_795_233_600;
const lasting: Alert = {
  labels: { alertname: 'Anomaly', rule: 'requests', service: 'storefront' },
  annotations: { summary: 'low' },
  startsAtSeconds: STARTED,
  endedAtSeconds: undefined,
};

describe('alerts on their way to Alertmanager', () => {
  let replicas: FakeAlertmanager[];
  let delivery: AlertDelivery;
  beforeEach(async () => {
    replicas = [await startFakeAlertmanager(), await startFakeAlertmanager()];
    delivery = createAlertDelivery({
      replicas: replicas.map(({ url }) => createAlertmanagerClient({ url, timeoutMs: 500 })),
    });
  });
  afterEach(() => Promise.all(replicas.map((replica) => replica.close())));

  it('go to every replica, with the start of the anomaly and an end at least four minutes ahead', async () => {
    await delivery.deliver([lasting], STARTED + 70);
    for (const { posts } of replicas) {
      expect(posts).toHaveLength(1);
      expect(posts[0]![0]).toMatchObject({ labels: lasting.labels, startsAt: '2026-11-21T04:00:00.000Z' });
      const leaseSeconds = Date.parse(posts[0]![0]!.endsAt) / 1000 - (STARTED + 70);
      expect(leaseSeconds).toBeGreaterThanOrEqual(240);
      expect(leaseSeconds).toBeLessThanOrEqual(300);
    }
  });

  it('name the cluster that the detector is in, where it knows, and one of their series before it', async () => {
    const client = createAlertmanagerClient({ url: replicas[0]!.url, timeoutMs: 500 });
    const ofEurope = createAlertDelivery({ replicas: [client], cluster: 'eu-1' });
    const ofAnother = { ...lasting, labels: { ...lasting.labels, cluster: 'us-1' } };
    await ofEurope.deliver([lasting, ofAnother], STARTED);
    expect(replicas[0]!.posts[0]!.map(({ labels }) => labels.cluster)).toEqual(['eu-1', 'us-1']);
  });

  it('are sent again every minute and not more often, with the same labels and start', async () => {
    for (let second = 0; second <= 180; second += 5) await delivery.deliver([lasting], STARTED + second);
    const sent = replicas[0]!.posts.map(([alert]) => `${JSON.stringify(alert!.labels)}${alert!.startsAt}`);
    expect(sent).toHaveLength(4);
    expect(new Set(sent).size).toBe(1);
  });

  it('are sent at once when they begin or end, and the resolved for five minutes', async () => {
    await delivery.deliver([lasting], STARTED + 61);
    const ended = { ...lasting, endedAtSeconds: STARTED + 65 };
    for (let second = 66; second <= 600; second += 5) await delivery.deliver([ended], STARTED + second);
    const { posts } = replicas[0]!;
    expect(posts[1]![0]!.endsAt).toBe('2026-11-21T04:01:05.000Z');
    expect(posts.slice(1)).toHaveLength(6);
  });

  it('are not sent when there are none', async () => {
    await delivery.deliver([], STARTED);
    expect(replicas[0]!.posts).toHaveLength(0);
  });

  it('reach the other replica when one refuses, and that one a few seconds after it is well', async () => {
    replicas[0]!.status = 500;
    const outcomes = await delivery.deliver([lasting], STARTED);
    expect(outcomes.map(({ error }) => error?.message ?? 'sent')).toEqual([
      `Alertmanager at ${replicas[0]!.url}/api/v2/alerts: HTTP 500, "refused by the test"`,
      'sent',
    ]);
    replicas[0]!.status = 200;
    await delivery.deliver([lasting], STARTED + 1);
    expect(replicas[0]!.posts).toHaveLength(0);
    await delivery.deliver([lasting], STARTED + 5);
    expect(replicas[0]!.posts).toHaveLength(1);
    expect(replicas[1]!.posts).toHaveLength(1);
  });

  it('are the same from two detectors that send within the same minute', async () => {
    const other = createAlertDelivery({
      replicas: replicas.slice(1).map(({ url }) => createAlertmanagerClient({ url, timeoutMs: 500 })),
    });
    await delivery.deliver([lasting], STARTED + 70);
    await other.deliver([lasting], STARTED + 95);
    const [one, two] = replicas[1]!.posts;
    expect(two).toEqual(one);
  });
});
