import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import type { HeldAlert } from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';
import type { stackUnderTest } from '../../testing/stack-under-test.ts';
import { eventually } from '../../testing/stack-under-test.ts';

/** What the detector says it alerted on, by its `GET /anomalies`. */
export interface ReportedAnomaly {
  readonly anomalyId: string;
  readonly rule: string;
  readonly startsAtSeconds: number;
  readonly endedAtSeconds?: number;
}

/** The detector of the stack and its alerts, as a person on call meets them. */
export function anomalyAlerts(stack: ReturnType<typeof stackUnderTest>) {
  const active = (rule: string) =>
    stack.activeAlerts(`alertname=~"${ALERTS.anomaly}|${ALERTS.predictedBreach}"`, `rule="${rule}"`);
  return {
    active,

    async reported(): Promise<readonly ReportedAnomaly[]> {
      return (await stack.http.get(stack.url('anomalyDetector', '/anomalies'))).data;
    },

    /** Up to when every rule has been evaluated, Unix seconds. */
    async evaluatedUntilSeconds(): Promise<number> {
      const { data } = await stack.http.get<string>(stack.url('anomalyDetector', '/metrics'));
      const lags = [...data.matchAll(/^anomaly_detector_lag_seconds\{.*\} ([\d.]+)$/gm)].map(([, lag]) =>
        Number(lag),
      );
      return Date.now() / 1000 - Math.max(...lags);
    },

    /** Waits for the rule's alert, of which there is to be one, and says how long that took. */
    async raised(rule: string, timeoutMs: number): Promise<HeldAlert> {
      const startedMs = Date.now();
      const alerts = await eventually(`alert of ${rule}`, timeoutMs, async () => {
        const found = await active(rule);
        return found.length > 0 && found;
      });
      if (alerts.length > 1) throw new Error(`${alerts.length} alerts of ${rule}: ${JSON.stringify(alerts)}`);
      console.log(`${rule}: alert after ${secondsSince(startedMs)} s.\n${wordsOf(alerts[0]!)}`);
      return alerts[0]!;
    },

    /** Waits until the rule has no alert any more. */
    async resolved(rule: string, timeoutMs: number): Promise<void> {
      const startedMs = Date.now();
      await eventually(
        `end of the alert of ${rule}`,
        timeoutMs,
        async () => (await active(rule)).length === 0,
      );
      console.log(`${rule}: resolved ${secondsSince(startedMs)} s after its cause was gone.`);
    },
  };
}

/** Everything that an alert tells in words. */
export function wordsOf({ annotations }: HeldAlert): string {
  const { summary, description, look_first, suggested_actions } = annotations;
  return [summary, description, look_first, suggested_actions].filter(Boolean).join('\n');
}

/** What an alert is known by: all that may never change while it lasts. */
export function identityOf({ labels, startsAtMs, annotations }: HeldAlert) {
  return { labels, startsAtMs, anomalyId: annotations.anomaly_id };
}

function secondsSince(startedMs: number): number {
  return Math.round((Date.now() - startedMs) / 1000);
}
