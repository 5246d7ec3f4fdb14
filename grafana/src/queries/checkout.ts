import { METRICS } from '@aiops-sre/conventions/metric-names.ts';

const CHECKOUT = 'job="demo-app",service="checkout"';

/** Orders that ended, each second, by how and why. */
export const endedByReason = `sum by (state, reason) (rate(${METRICS.checkoutOrders}{${CHECKOUT}}[$__rate_interval]))`;
/** Share of the orders that ended in the range which were fulfilled, those rightly refused left out. */
export const fulfilledShare = `sum(increase(${METRICS.checkoutOrders}{${CHECKOUT},reason="none"}[$__range])) / (sum(increase(${METRICS.checkoutOrders}{${CHECKOUT},reason=~"none|gave_up"}[$__range])) > 0)`;
export const fulfilledPerMinute = `60 * sum(rate(${METRICS.checkoutOrders}{${CHECKOUT},state="fulfilled"}[5m]))`;
export const oldestByQueue = `max by (queue) (${METRICS.checkoutQueueOldest}{${CHECKOUT}})`;
export const oldest = `max(${METRICS.checkoutQueueOldest}{${CHECKOUT}})`;
export const jobs = (states: string) =>
  `sum by (queue, state) (${METRICS.checkoutQueueJobs}{${CHECKOUT},state=~"${states}"})`;
export const waiting = `sum(${METRICS.checkoutQueueJobs}{${CHECKOUT},state!="dead"})`;
export const dead = `sum(${METRICS.checkoutQueueJobs}{${CHECKOUT},state="dead"})`;
export const deadByQueue = `sum by (queue) (${METRICS.checkoutQueueJobs}{${CHECKOUT},state="dead"})`;
/** Seconds within which 95 % of a step's runs were done. */
export const stepP95 = `histogram_quantile(0.95, sum by (step, le) (rate(${METRICS.checkoutStepDuration}_bucket{${CHECKOUT}}[$__rate_interval])))`;
export const stepRate = `sum by (step) (rate(${METRICS.checkoutStepDuration}_count{${CHECKOUT}}[$__rate_interval]))`;
/** Answers of the payment provider each second, and what else it answered instead of a charge. */
export const charges = `sum by (status) (rate(${METRICS.paymentsCharges}{job="demo-app",service="payments"}[$__rate_interval]))`;
export const paymentAnswers = `sum by (status_class) (rate(${METRICS.httpRequests}{job="demo-app",service="payments",route="/charges"}[$__rate_interval]))`;
export const declinedShare = `sum(increase(${METRICS.paymentsCharges}{job="demo-app",service="payments",status="declined"}[$__range])) / (sum(increase(${METRICS.paymentsCharges}{job="demo-app",service="payments"}[$__range])) > 0)`;
