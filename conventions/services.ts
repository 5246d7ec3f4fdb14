/** `service.namespace` of everything in the demo; with `service.name` it becomes Prometheus' `job`: `demo/storefront`. */
export const SERVICE_NAMESPACE = 'demo';

/** The demo application's services: `service.name` in traces and logs, label `service` in metrics and alerts. */
export const SERVICES = ['storefront', 'identity', 'fulfillment', 'checkout', 'payments', 'traffic'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** `service.name` of a report of the chaos programme, in the namespace of the demo: no push without the key has its `job`. */
export const CHAOS_REPORT = 'chaos';

/** Fulfillment's instances and the share of documents each one fails, 0..1. */
export const FULFILLMENT_INSTANCES = [
  { instance: 'fulfillment-1', failureFactor: 0, cycles: false },
  { instance: 'fulfillment-2', failureFactor: 0.01, cycles: false },
  /** Fails only in the first ten minutes of each hour. */
  { instance: 'fulfillment-3', failureFactor: 0.1, cycles: true },
  { instance: 'fulfillment-4', failureFactor: 0, cycles: false },
] as const;

/** The version on trial beside the storefront, while a deployment runs: name of its process and its `instance`. */
export const STOREFRONT_CANARY = { process: 'storefront-canary', instance: 'storefront-canary-1' } as const;

/** Length of a failing phase and of the whole cycle of an instance that `cycles`; seconds, phase 0 at the Unix epoch. */
export const FAILURE_CYCLE = { failingSeconds: 600, periodSeconds: 3600 } as const;

/** What an order goes through after its checkout, each a job in a queue of its own. */
export const CHECKOUT_STEPS = ['reserve-stock', 'charge-payment', 'fulfil-order'] as const;
export type CheckoutStep = (typeof CHECKOUT_STEPS)[number];

/** Values of label `state` of the queues' jobs; dead ones failed for good and wait for a person. */
export const JOB_STATES = ['ready', 'active', 'retry', 'dead'] as const;

/** Why an order ended as it did: labels `state` and `reason` of the orders that ended. */
export const CHECKOUT_ENDS = [
  { state: 'fulfilled', reason: 'none' },
  { state: 'failed', reason: 'payment_declined' },
  { state: 'failed', reason: 'out_of_stock' },
  /** A step failed for as long as it was tried. */
  { state: 'failed', reason: 'gave_up' },
] as const;

/** How long a job may be in its queue, seconds: the objective of freshness. */
export const CHECKOUT_FRESH_SECONDS = 30;

/** The storefront's API as Express writes its routes: label `route` of the counters, `http.route` of spans. */
export const STOREFRONT_ROUTES = [
  { method: 'GET', route: '/api/users' },
  { method: 'GET', route: '/api/users/:id' },
  { method: 'GET', route: '/api/products' },
  { method: 'POST', route: '/api/orders' },
  { method: 'GET', route: '/api/orders/:id' },
  { method: 'POST', route: '/api/checkouts' },
  { method: 'POST', route: '/api/documents' },
] as const;
