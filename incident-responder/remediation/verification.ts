import { setTimeout as sleep } from 'node:timers/promises';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';

const ASK_EVERY_MS = 5000;

export type VerificationOutcome = 'passed' | 'failed' | 'unverified';

export interface VerificationQuestion {
  readonly prometheus: Pick<PrometheusClient, 'query'>;
  readonly query: string;
  readonly afterMs: number;
  readonly withinMs: number;
  readonly signal: AbortSignal;
  readonly askEveryMs?: number;
}

/**
 * Asks until the query returns something (`passed`) or the time is up: `failed` if it returned nothing to the last,
 * `unverified` if the last time nobody answered. Rejects with the abort reason of `signal`.
 */
export async function verify(question: VerificationQuestion): Promise<VerificationOutcome> {
  const { prometheus, query, afterMs, withinMs, signal, askEveryMs = ASK_EVERY_MS } = question;
  const startedMs = performance.now();
  await sleep(afterMs, undefined, { signal });
  for (;;) {
    let outcome: VerificationOutcome;
    try {
      outcome = (await prometheus.query(query, signal)).length > 0 ? 'passed' : 'failed';
    } catch {
      signal.throwIfAborted();
      outcome = 'unverified';
    }
    if (outcome === 'passed' || performance.now() - startedMs + askEveryMs > withinMs) return outcome;
    await sleep(askEveryMs, undefined, { signal });
  }
}
