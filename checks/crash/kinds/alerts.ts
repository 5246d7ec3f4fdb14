import { randomBytes } from 'node:crypto';
import type { Kind, Stack } from '../kind.ts';

const ALERTNAME = 'CrashTest';
/** Alerts of one service belong to one incident. */
const ALERTS_A_SERVICE = 5;
const PAGE = 200;

/** Alerts that the responder's webhook acknowledged, looked for in its notifications. Ids are fingerprints. */
export function alerts(stack: Stack): Kind {
  let count = 0;
  return {
    name: 'alerts',
    writesPerSecond: 1,
    async write(signal) {
      count += 1;
      const fingerprint = randomBytes(8).toString('hex');
      const labels = {
        alertname: ALERTNAME,
        severity: 'ticket',
        slo: 'none',
        service: `crash-test-${Math.ceil(count / ALERTS_A_SERVICE)}`,
        id: fingerprint,
      };
      const { status } = await stack.http.post(
        stack.url('incidentResponder', '/webhook/alertmanager'),
        {
          version: '4',
          receiver: 'ticket',
          groupKey: `{}:{id="${fingerprint}"}`,
          truncatedAlerts: 0,
          status: 'firing',
          groupLabels: {},
          commonLabels: labels,
          commonAnnotations: {},
          externalURL: '',
          alerts: [
            {
              status: 'firing',
              labels,
              annotations: { summary: 'written to be looked for' },
              startsAt: new Date().toISOString(),
              endsAt: '0001-01-01T00:00:00Z',
              generatorURL: '',
              fingerprint,
            },
          ],
        },
        { headers: { authorization: `Bearer ${stack.secret('webhook-token')}` }, signal },
      );
      return status < 300 ? [fingerprint] : [];
    },
    async missing(ids) {
      const absent = new Set(ids);
      for (let before: number | null | undefined; before !== null && absent.size > 0; ) {
        const { status, data } = await stack.http.get(stack.url('incidentResponder', '/api/notifications'), {
          params: { alertname: ALERTNAME, limit: PAGE, before },
        });
        if (status !== 200) throw new Error(`notifications: ${status}`);
        for (const notification of data.notifications)
          for (const alert of notification.alerts) absent.delete(alert.fingerprint);
        before = data.next;
      }
      return [...absent];
    },
  };
}
