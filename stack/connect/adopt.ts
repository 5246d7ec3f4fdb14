import { setTimeout as sleep } from 'node:timers/promises';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { adoptSlos } from '@aiops-sre/slo/adopt/adopt.ts';
import { proposalLines } from '@aiops-sre/slo/adopt/proposal-text.ts';
import { type Proposal, proposeSlos } from '@aiops-sre/slo/adopt/propose.ts';
import type { Adopt } from './command.ts';

/** Of the first samples of a service that has just begun. */
const PROPOSE_WITHIN_MS = 60_000;
const PROPOSE_EVERY_MS = 2_000;
/** Counts and durations come one after the other: for so long one alone may be half of what is on its way. */
const WHOLE_WITHIN_MS = 30_000;
const EVALUATE_WITHIN_MS = 120_000;

/** Adopts a service into the home folder: proposes SLOs as soon as its telemetry allows, and has them evaluated. */
export function adopter(options: {
  readonly home: string;
  readonly prometheus: PrometheusClient;
  /** Has the running platform take the home folder in. */
  readonly apply: (say: (line: string) => void) => Promise<unknown>;
}): Adopt {
  const { home, prometheus, apply } = options;
  return async ({ service, burnIn, signal, say }) => {
    const proposal = await proposed();
    for (const line of proposalLines(proposal)) say(line);
    const adoption = await adoptSlos({
      ...{ proposal, burnIn, home, prometheus, signal },
      apply: () => apply(say),
      timeoutMs: EVALUATE_WITHIN_MS,
    });
    return adoption.slos;

    async function proposed(): Promise<Proposal> {
      let firstMs: number | undefined;
      for (
        const endMs = Date.now() + PROPOSE_WITHIN_MS;
        ;
        await sleep(PROPOSE_EVERY_MS, undefined, { signal })
      ) {
        try {
          const proposal = await proposeSlos({
            service,
            prometheus,
            nowSeconds: Math.floor(Date.now() / 1000),
            burnIn,
          });
          firstMs ??= Date.now();
          if (proposal.slos.length > 1 || Date.now() - firstMs > WHOLE_WITHIN_MS) return proposal;
        } catch (error) {
          if (Date.now() > endMs) throw error;
        }
      }
    }
  };
}
