import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DRILL_LABEL } from '@aiops-sre/conventions/alerts.ts';
import type { Configuration } from './configuration.ts';
import type { LiveAlertmanager } from './live-alertmanager.ts';
import type { Labels } from './matchers.ts';
import { allDestinations, destinationsOf } from './routes.ts';

const ASK_EVERY_MS = 500;

/**
 * Labels of an alert that goes to `receiver` alone, taken from the routes' own matchers.
 *
 * @throws Error if there is no such receiver, or no alert can be made up that goes to it
 */
export function drillLabels(receiver: string, { route, receivers }: Configuration, run: string): Labels {
  if (!receivers.some(({ name }) => name === receiver))
    throw new Error(
      `receiver: expected one of ${receivers.map(({ name }) => name).join(', ')}, got ${receiver}`,
    );
  const base = { alertname: 'Drill', [DRILL_LABEL]: 'true', service: `drill-${run}`, slo: 'none' };
  const candidates = allDestinations(route)
    .filter(({ destination }) => destination.receiver === receiver)
    .map(({ matchers }) => ({
      ...base,
      ...Object.fromEntries(
        matchers
          .filter(({ operator }) => operator === '=' || operator === '=~')
          .map(({ name, operator, value }) => [name, operator === '=' ? value : (value.split('|')[0] ?? '')]),
      ),
    }));
  const fitting = candidates
    // The Watchdog's silence is an alarm elsewhere: a drill must not stand in for it.
    .filter(({ alertname }) => alertname === 'Drill')
    .find((labels) => destinationsOf(labels, route).every((each) => each.receiver === receiver));
  if (fitting === undefined)
    throw new Error(`receiver ${receiver}: no alert but its own reaches it, so none can be made up`);
  return fitting;
}

export interface DrillOptions {
  readonly receiver: string;
  readonly configuration: Configuration;
  readonly alertmanager: Pick<LiveAlertmanager, 'post' | 'metrics'>;
  /** Whether the responder has the notification of an alert of this service; undefined if it does not answer. */
  readonly arrivedAtResponder: (service: string) => Promise<boolean | undefined>;
  readonly timeoutMs: number;
  readonly out: (line: string) => void;
}

/**
 * Sends one alert marked DRILL, waits until it has arrived at every channel of the receiver, and ends it. The webhook is
 * asked for at the responder; of channels out of reach Alertmanager's counts tell, which are of all receivers together.
 *
 * @throws Error if a channel refuses it or it does not arrive in time
 */
export async function drill(options: DrillOptions): Promise<void> {
  const { receiver, configuration, alertmanager, arrivedAtResponder, timeoutMs, out } = options;
  const labels = drillLabels(receiver, configuration, randomUUID().slice(0, 8));
  const annotations = {
    summary: `DRILL of receiver ${receiver}: nothing is wrong`,
    description: 'DRILL: somebody tries out whether alerts arrive. Nothing has to be done.',
  };
  let waiting = channelsOf(receiver, configuration);
  if (waiting.length === 0) throw new Error(`receiver ${receiver}: has no channel, it notifies nobody`);
  const before = await alertmanager.metrics();
  const startedMs = performance.now();
  await alertmanager.post([{ labels, annotations }]);
  const wait = destinationsOf(labels, configuration.route)[0]?.groupWait;
  out(
    `sent        ${new Date().toISOString()} DRILL to ${receiver} by ${waiting.join(', ')}; its group waits ${wait}`,
  );
  try {
    while (waiting.length > 0) {
      if (performance.now() - startedMs > timeoutMs)
        throw new Error(`did not arrive by ${waiting.join(', ')} within ${Math.round(timeoutMs / 1000)} s`);
      await sleep(ASK_EVERY_MS);
      const after = await alertmanager.metrics();
      const atResponder = waiting.includes('webhook')
        ? await arrivedAtResponder(labels.service ?? '')
        : undefined;
      const still: string[] = [];
      for (const channel of waiting) {
        const more = (name: string) => count(after, name, channel) > count(before, name, channel);
        const seen = channel === 'webhook' ? atResponder : undefined;
        if (seen !== true && more('alertmanager_notifications_failed_total'))
          throw new Error(`${channel} refused a notification: Alertmanager's log says why`);
        if (seen ?? more('alertmanager_notifications_total')) {
          const by = seen ? 'webhook, at the incident responder' : `${channel}, as Alertmanager counts`;
          const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
          out(`arrived     ${new Date().toISOString()} by ${by}, ${seconds} s after it was sent`);
        } else still.push(channel);
      }
      waiting = still;
    }
  } finally {
    await alertmanager.post([{ labels, annotations, endsAt: new Date().toISOString() }]);
  }
}

/** Kinds of channels, as Alertmanager's metrics call them: `webhook`, `slack`. */
export function channelsOf(receiver: string, { receivers }: Configuration): string[] {
  return Object.entries(receivers.find(({ name }) => name === receiver) ?? {})
    .filter(([key, value]) => key.endsWith('_configs') && Array.isArray(value) && value.length > 0)
    .map(([key]) => key.replace(/_configs$/, ''));
}

function count(exposition: string, name: string, integration: string): number {
  return exposition
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) && line.includes(`integration="${integration}"`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
