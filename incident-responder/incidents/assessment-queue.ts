import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

export interface AssessmentQueue {
  /** Returns at once. */
  add(incidentIds: readonly number[]): void;
  /** Resolves once nothing waits; after `signal` was aborted, soon. */
  idle(): Promise<void>;
}

export interface AssessmentQueueOptions {
  readonly lookAt: (incidentId: number) => Promise<void>;
  /** Pause after each: an assessment asks Prometheus a dozen queries. */
  readonly pauseMs: number;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** One incident after the other, each once however often it changed meanwhile: a burst of alerts is one assessment. */
export function createAssessmentQueue({
  lookAt,
  pauseMs,
  signal,
  log,
}: AssessmentQueueOptions): AssessmentQueue {
  const waiting = new Set<number>();
  let working: Promise<void> | undefined;

  async function lookAtAll(): Promise<void> {
    for (const id of waiting) {
      waiting.delete(id);
      try {
        await lookAt(id);
      } catch (error) {
        if (!signal.aborted) log.error({ err: error, incidentId: id }, 'incident not looked at');
      }
      if (waiting.size > 0) await sleep(pauseMs);
      if (signal.aborted) return;
    }
  }

  return {
    add(incidentIds) {
      for (const id of incidentIds) waiting.add(id);
      working ??= lookAtAll().finally(() => {
        working = undefined;
      });
    },
    async idle() {
      await working;
    },
  };
}
