import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningAlertmanager, startAlertmanager } from '../testing/running-alertmanager.ts';

const binary = process.env.ALERTMANAGER ?? '';

/** Each case has a service of its own, so that they don't disturb each other. */
describe.skipIf(binary === '')(
  `inhibition (${binary || 'skipped: ALERTMANAGER does not name a binary'})`,
  () => {
    let alertmanager: RunningAlertmanager;
    beforeAll(async () => {
      alertmanager = await startAlertmanager({
        binary,
        // Nobody listens there: this is about what Alertmanager holds back, not about delivery.
        webhookUrl: 'http://127.0.0.1:1/',
        webhookToken: 'unused',
      });
    }, 20_000);
    afterAll(() => alertmanager?.stop());

    /** Fires both and tells whether the second is held back. */
    async function isInhibited(by: Record<string, string>, target: Record<string, string>) {
      await alertmanager.post([{ labels: by }]);
      await alertmanager.post([{ labels: target }]);
      const wanted = JSON.stringify(Object.entries(target).sort());
      const known = (await alertmanager.alerts()).find(
        ({ labels }) => JSON.stringify(Object.entries(labels).sort()) === wanted,
      );
      if (known === undefined) throw new Error(`Alertmanager does not know ${wanted}`);
      return known.status.inhibitedBy.length > 0;
    }

    const burn = (severity: string, service: string, slo: string) => ({
      alertname: 'ErrorBudgetBurn',
      severity,
      service,
      slo,
    });
    const outage = (alertname: string, service: string, slo = 'none') => ({
      alertname,
      severity: 'page',
      service,
      slo,
    });
    const anomaly = (service: string, severity = 'info') => ({
      alertname: 'Anomaly',
      severity,
      service,
      slo: 'none',
    });

    it('holds a ticket back while its SLO pages', async () => {
      expect(await isInhibited(burn('page', 'a', 'latency'), burn('ticket', 'a', 'latency'))).toBe(true);
    });

    it('holds nothing of another cluster back', async () => {
      const of = (cluster: string, severity: string) => ({ ...burn(severity, 'c1', 'latency'), cluster });
      expect(await isInhibited(of('eu-1', 'page'), of('us-1', 'ticket'))).toBe(false);
      expect(await isInhibited(of('eu-1', 'page'), of('eu-1', 'ticket'))).toBe(true);
    });

    it('lets the ticket of another SLO or service through', async () => {
      expect(await isInhibited(burn('page', 'b', 'latency'), burn('ticket', 'b', 'availability'))).toBe(
        false,
      );
      expect(await isInhibited(burn('page', 'b', 'latency'), burn('ticket', 'b2', 'latency'))).toBe(false);
    });

    it('never lets a ticket hold a page back', async () => {
      expect(await isInhibited(burn('ticket', 'c', 'latency'), burn('page', 'c', 'latency'))).toBe(false);
    });

    it('takes two alerts without service and slo for strangers', async () => {
      expect(
        await isInhibited(
          { alertname: 'Bare', severity: 'page' },
          { alertname: 'Other', severity: 'ticket' },
        ),
      ).toBe(false);
      expect(
        await isInhibited(
          { alertname: 'ServiceMajorOutage', severity: 'page' },
          { alertname: 'Anomaly', severity: 'info' },
        ),
      ).toBe(false);
    });

    it('takes two alerts that belong to no SLO for strangers', async () => {
      expect(await isInhibited(outage('ServiceMajorOutage', 'k'), burn('ticket', 'k', 'none'))).toBe(false);
    });

    it('holds what a major outage consists of back', async () => {
      const targetDown = { alertname: 'TargetDown', severity: 'ticket', service: 'l', slo: 'none' };
      expect(await isInhibited(outage('ServiceMajorOutage', 'l'), targetDown)).toBe(true);
    });

    it('holds a half outage back during a major one, not the other way round', async () => {
      expect(
        await isInhibited(outage('ServiceMajorOutage', 'd'), outage('ServiceHalfOutage', 'd', 'half')),
      ).toBe(true);
      expect(
        await isInhibited(outage('ServiceHalfOutage', 'e'), outage('ServiceMajorOutage', 'e', 'major')),
      ).toBe(false);
      expect(await isInhibited(outage('ServiceMajorOutage', 'f'), outage('ServiceHalfOutage', 'f2'))).toBe(
        false,
      );
    });

    it('holds the anomalies of a service back during its outage', async () => {
      expect(await isInhibited(outage('ServiceMajorOutage', 'g'), anomaly('g'))).toBe(true);
      expect(await isInhibited(outage('ServiceHalfOutage', 'h'), anomaly('h', 'ticket'))).toBe(true);
      expect(await isInhibited(outage('ServiceHalfOutage', 'i'), anomaly('i2'))).toBe(false);
    });

    it('ends with the alert that held back', async () => {
      const page = burn('page', 'j', 'latency');
      const ticket = burn('ticket', 'j', 'latency');
      expect(await isInhibited(page, ticket)).toBe(true);
      await alertmanager.post([{ labels: page, endsAt: new Date(Date.now() - 1000).toISOString() }]);
      // The inhibitor reads the source's end a moment after the API has it.
      await vi.waitFor(
        async () => {
          const held = (await alertmanager.alerts()).find(
            ({ labels }) => labels.service === 'j' && labels.severity === 'ticket',
          );
          expect(held?.status).toMatchObject({
            state: expect.stringMatching(/active|unprocessed/),
            inhibitedBy: [],
          });
        },
        { timeout: 5_000, interval: 50 },
      );
    });
  },
);
