/** What the detector's queries may take of it: options of its Prometheus client. */
export const QUERY_LIMITS = {
  /** Far above 10,000 series of a few samples or a backfill's chunk, far below what would hurt the process. */
  maxAnswerBytes: 64 * 1024 * 1024,
  /** Rules that share a step come due in the same moment, and each answer takes memory. */
  concurrency: 2,
} as const;
