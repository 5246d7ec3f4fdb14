import { setTimeout as sleep } from 'node:timers/promises';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { TakenOverError } from './command.ts';

const ASK_EVERY_MS = 5000;

export type VerificationOutcome = 'passed' | 'failed' | 'unverified';

export interface VerificationQuestion {
  readonly prometheus: Pick<PrometheusClient, 'query'>;
  readonly query: string;
  /** What is still to come before the query counts, or undefined. */
  readonly pending?: ((signal: AbortSignal) => Promise<string | undefined>) | undefined;
  readonly afterMs: number;
  readonly withinMs: number;
  readonly signal: AbortSignal;
  readonly askEveryMs?: number;
}

/**
 * Asks until the query returns something (`passed`) or the time is up: `failed` if it returned nothing to the last,
 * `unverified` if the last time nobody answered. Rejects with the abort reason of `signal`, or where somebody else took over.
 */
export async function verify(question: VerificationQuestion): Promise<VerificationOutcome> {
  const { prometheus, query, pending, afterMs, withinMs, signal, askEveryMs = ASK_EVERY_MS } = question;
  const startedMs = performance.now();
  await sleep(afterMs, undefined, { signal });
  for (;;) {
    let outcome: VerificationOutcome;
    try {
      const hasEffect = (await pending?.(signal)) === undefined;
      outcome = hasEffect && (await prometheus.query(query, signal)).length > 0 ? 'passed' : 'failed';
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof TakenOverError) throw error;
      outcome = 'unverified';
    }
    if (outcome === 'passed' || performance.now() - startedMs + askEveryMs > withinMs) return outcome;
    await sleep(askEveryMs, undefined, { signal });
  }
}
