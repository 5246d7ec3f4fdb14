/**
 * Which traces the Collector's tail sampler keeps: each with an error or a probe's mark, each at least this long, and
 * a share of the rest. Whoever counts traces in Tempo has to weigh them by it.
 */
export const TAIL_SAMPLING = {
  /** From the start of a trace's first span to the end of its last. */
  keptFromMs: 500,
  /** 0..1, by a hash of the trace's id: independent of what is in it. */
  keptShareOfTheRest: 0.1,
} as const;
