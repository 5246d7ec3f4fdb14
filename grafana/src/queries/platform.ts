import { METRICS } from '@aiops-sre/conventions/metric-names.ts';

/** Number of processes that Prometheus cannot reach. */
export const targetsDown = 'count(up == 0) or vector(0)';

/** Number of series that the anomaly detector calls anomalous now. */
export const activeAnomalies = `sum(${METRICS.anomalyActive}) or vector(0)`;
