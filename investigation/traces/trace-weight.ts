import { PROBE_TRACESTATE } from '@aiops-sre/conventions/probe.ts';
import { TAIL_SAMPLING } from '@aiops-sre/conventions/tail-sampling.ts';
import type { FoundSpan } from '../data-sources/tempo.ts';
import type { Trace } from './span.ts';

/**
 * For how many requests a trace in Tempo stands: the inverse of the probability with which it was kept, which is 1 but for
 * what the tail sampler chose. Without this weight, whatever comes along with errors looks common among the good.
 * @see Horvitz and Thompson, "A generalization of sampling without replacement from a finite universe" (1952)
 */
export function traceWeight({ spans }: Trace): number {
  const began = Math.min(...spans.map(({ startMs }) => startMs));
  const ended = Math.max(...spans.map(({ endMs }) => endMs));
  const probe = `${PROBE_TRACESTATE.key}=${PROBE_TRACESTATE.value}`;
  const sampled = spans.some(({ resource }) => resource[TAIL_SAMPLING.mark] === 'true');
  const always =
    !sampled ||
    ended - began >= TAIL_SAMPLING.keptFromMs ||
    spans.some(({ failed, traceState }) => failed || traceState.includes(probe));
  return always ? 1 : 1 / TAIL_SAMPLING.keptShareOfTheRest;
}

/** The same of a span that a search found, as far as it tells: who asks selects the mark, and the span's status. */
export const foundWeight = {
  /** TraceQL of the attribute that has to be selected for it. */
  select: `resource.${JSON.stringify(TAIL_SAMPLING.mark)}`,
  of({ attributes, traceDurationMs }: FoundSpan): number {
    const chosen =
      attributes[TAIL_SAMPLING.mark] === 'true' &&
      attributes.status !== 'error' &&
      traceDurationMs < TAIL_SAMPLING.keptFromMs;
    return chosen ? 1 / TAIL_SAMPLING.keptShareOfTheRest : 1;
  },
} as const;
