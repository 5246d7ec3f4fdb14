import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { eventually, stackUnderTest } from '../testing/stack-under-test.ts';
import { attack } from './testing/attack.ts';

const stack = stackUnderTest();

attack(
  'kill -9 of Alertmanager',
  'a silence just confirmed, an alert that fires',
  async () => {
    const startsAtMs = Date.now();
    const id = await stack.alertmanager.silence({
      matchers: { alertname: 'Nothing' },
      startsAtMs,
      endsAtMs: startsAtMs + 600_000,
      createdBy: 'attack test',
      comment: 'kept',
    });
    await stack.supervisor.act('alertmanager', 'kill');
    await stack.supervisor.act('alertmanager', 'start');
    const kept = () => stack.alertmanager.silencesWithComment('kept').catch(() => undefined);
    expect(await eventually('Alertmanager', 30_000, kept)).toEqual([id]);
    // Prometheus sends what fires again after a minute, with the next evaluation.
    await eventually('Watchdog', 90_000, async () => {
      const held = await stack.activeAlerts('alertname="Watchdog"').catch(() => []);
      return held.length === 1;
    });
    return 'the silence was on disk, the alert came again from Prometheus';
  },
  150_000,
);

attack(
  'disk full',
  'data folders of detector and responder',
  async () => {
    for (const [name, port] of [
      ['anomaly-detector', 'anomalyDetector'],
      ['incident-responder', 'incidentResponder'],
    ] as const) {
      // What the check of readiness writes next meets a full disk.
      symlinkSync('/dev/full', join(stack.paths.data(name), '.write-check'));
      const reasons = await eventually(`${name} that is not ready`, 30_000, async () => {
        const { status, data } = await stack.http.get(stack.url(port, '/readyz'));
        return status === 503 && data.reasons;
      });
      expect(reasons.join()).toContain('ENOSPC');
    }
    return '/readyz 503: nothing can be written';
  },
  90_000,
);
