import { randomUUID } from 'node:crypto';
import type { Kind, Stack } from '../kind.ts';

const LASTS_MS = 3_600_000;

/** Silences that the platform's client confirmed, as an action's; looked for in Alertmanager. Ids are their comments. */
export function silences(stack: Stack): Kind {
  return {
    name: 'silences',
    writesPerSecond: 4,
    async write(signal) {
      const comment = `crash test ${randomUUID()}`;
      const startsAtMs = Date.now();
      await stack.alertmanager.silence(
        {
          matchers: { alertname: 'CrashTest', id: comment },
          startsAtMs,
          endsAtMs: startsAtMs + LASTS_MS,
          createdBy: 'crash test',
          comment,
        },
        signal,
      );
      return [comment];
    },
    async missing(ids) {
      const absent: string[] = [];
      // One after the other: each answer has all silences of the run.
      for (const id of ids)
        if ((await stack.alertmanager.silencesWithComment(id)).length === 0) absent.push(id);
      return absent;
    },
  };
}
