import { METRICS } from '@aiops-sre/conventions/metric-names.ts';

const PROBE = 'job="demo-app",probe="checkout"';
/** Checks are ten seconds apart. */
const WINDOW = '2m';

/** Checks a minute, by how they ended. */
export const checks = `60 * sum by (result) (rate(${METRICS.probeChecks}{${PROBE}}[${WINDOW}]))`;
/** Failed checks a minute, by where. */
export const failures = `60 * sum by (stage) (rate(${METRICS.probeFailures}{${PROBE}}[${WINDOW}]))`;
/** Seconds in which this share of the checks ended. */
export const duration = (share: number) =>
  `histogram_quantile(${share}, sum by (le) (rate(${METRICS.probeDuration}_bucket{${PROBE}}[${WINDOW}]))) >= 0`;
