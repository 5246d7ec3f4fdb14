import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DISPATCH_START_DELAY } from '../start-delay.ts';
import { type RecordingEndpoint, startRecordingEndpoint } from '../testing/recording-endpoint.ts';
import { type RunningAlertmanager, startAlertmanager } from '../testing/running-alertmanager.ts';

const binary = process.env.ALERTMANAGER ?? '';

it('is the same on both engines', () => {
  const compose = readFileSync(join(import.meta.dirname, '..', '..', 'docker-compose.yml'), 'utf8');
  expect(/--dispatch\.start-delay=(\w+)/.exec(compose)?.[1]).toBe(DISPATCH_START_DELAY);
});

describe.skipIf(binary === '')(
  `after a restart (${binary || 'skipped: ALERTMANAGER does not name a binary'})`,
  () => {
    let webhook: RecordingEndpoint | undefined;
    let alertmanager: RunningAlertmanager | undefined;
    afterEach(async () => {
      await alertmanager?.stop();
      await webhook?.close();
    });

    const anHourAgo = new Date(Date.now() - 3_600_000).toISOString();
    const alert = (severity: string) => ({
      labels: { alertname: `Burn-${severity}`, severity, service: 'storefront', slo: 'availability' },
      startsAt: anHourAgo,
    });
    const told = () => webhook!.bodies.map((body) => (JSON.parse(body) as { receiver: string }).receiver);

    /** A ticket is sent again first, and a moment later the page that holds it back. */
    async function restart(startDelay?: string) {
      webhook = await startRecordingEndpoint();
      alertmanager = await startAlertmanager({
        binary,
        webhookUrl: webhook.url,
        webhookToken: 'unused',
        ...(startDelay === undefined ? {} : { startDelay }),
      });
      const startedMs = performance.now();
      await alertmanager.post([alert('ticket')]);
      if (startDelay === undefined)
        await vi.waitFor(() => expect(told()).toEqual(['ticket']), { timeout: 10_000 });
      await alertmanager.post([alert('page')]);
      await vi.waitFor(() => expect(told()).toContain('page'), { timeout: 20_000, interval: 50 });
      return performance.now() - startedMs;
    }

    it('without the delay, a ticket is notified before the page that holds it back is known', async () => {
      await restart();
      expect(told()[0]).toBe('ticket');
    }, 40_000);

    it('with it, the page is notified once it is over, and the ticket is not', async () => {
      const waitedMs = await restart('4s');
      expect(told()).toEqual(['page']);
      expect(waitedMs).toBeGreaterThan(2000);
    }, 40_000);
  },
);
