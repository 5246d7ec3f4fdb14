/** What the storefront promises: the objectives of `slo/definitions/storefront.yaml`; a test holds the two together. */
export const OBJECTIVES = {
  availability: {
    /** Share of requests that are not answered with a server error. */
    target: 0.999,
  },
  latency: {
    /** Share of requests that are answered within `withinMs`. */
    target: 0.95,
    withinMs: 500,
  },
} as const;

/** The quantile that has to stay within the objective of latency, as k6 calls it. */
export const LATENCY_QUANTILE = `p(${OBJECTIVES.latency.target * 100})`;

/**
 * k6 exits with 99 when one of these is crossed. The load takes no 4xx for an answer either: it asks only for what is
 * there, so that one says the load is wrong, or that something else listens at the address.
 */
export const THRESHOLDS: Record<string, string[]> = {
  // Exact in decimals: 1 - 0.999 is not.
  http_req_failed: [`rate<=${(1 - OBJECTIVES.availability.target).toFixed(6)}`],
  http_req_duration: [`${LATENCY_QUANTILE}<=${OBJECTIVES.latency.withinMs}`],
  checks: ['rate==1'],
};
