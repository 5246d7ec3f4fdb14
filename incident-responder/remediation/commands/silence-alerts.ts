import type { AlertmanagerClient } from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';
import type { Command } from '../command.ts';

export interface SilenceAlertsOptions {
  readonly alertmanager: AlertmanagerClient;
  readonly matchers: Readonly<Record<string, string>>;
  readonly forMs: number;
  readonly runId: number;
  readonly now?: () => number;
}

/** Keeps alerts that equal all matchers quiet for a time. The comment tells which run did it, and finds it again. */
export function silenceAlerts({
  alertmanager,
  matchers,
  forMs,
  runId,
  now = Date.now,
}: SilenceAlertsOptions): Command {
  const comment = `incident-responder: action run ${runId}`;
  const inWords = Object.entries(matchers)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ');
  return {
    description: `silence ${inWords} for ${Math.round(forMs / 60_000)} min`,
    async prepare(signal) {
      await alertmanager.silencesWithComment(comment, signal);
      return {};
    },
    async carryOut(signal) {
      if ((await alertmanager.silencesWithComment(comment, signal)).length > 0) return;
      const startsAtMs = now();
      const silence = {
        matchers,
        startsAtMs,
        endsAtMs: startsAtMs + forMs,
        createdBy: 'incident-responder',
        comment,
      };
      await alertmanager.silence(silence, signal);
    },
    async takeBack(_undo, signal) {
      for (const id of await alertmanager.silencesWithComment(comment, signal))
        await alertmanager.expireSilence(id, signal);
    },
  };
}
