/**
 * What the Collector keeps of traces once more come than Tempo takes: each with an error or a probe's mark, each at least
 * this long, and a share of the rest. Until then every trace is kept. Whoever counts traces in Tempo has to weigh those that
 * are marked.
 */
export const TAIL_SAMPLING = {
  /** Resource attribute, `true` on all that came through the sampler. */
  mark: 'aiops.tail_sampled',
  /** From the start of a trace's first span to the end of its last. */
  keptFromMs: 500,
  /** 0..1, by a hash of the trace's id: independent of what is in it. */
  keptShareOfTheRest: 0.1,
} as const;
