/** Label `severity` of every alert: `page` wakes a person, `ticket` is for working hours, `info` is context. */
export const SEVERITIES = ['page', 'ticket', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Label `alertname`. SLO alerts are named after what is wrong, not after the SLO: `slo` and `service` say which. */
export const ALERTS = {
  /** Severity page: the budget burns so fast that it cannot wait. */
  errorBudgetBurn: 'ErrorBudgetBurn',
  /** Severity ticket, one per long window (label `window`): a slow burn that spends a tenth of the budget. */
  errorBudgetSlowBurn: 'ErrorBudgetSlowBurn',
  errorBudgetExhausted: 'ErrorBudgetExhausted',
  /** The error budget policy asks for something else from here on; label `tier` is 1 (half left) or 2 (a fifth left). */
  errorBudgetPolicy: 'ErrorBudgetPolicy',
  errorBudgetExhaustionNear: 'ErrorBudgetExhaustionNear',
  /** The counters of an SLO have stopped or never came. */
  sliTelemetryAbsent: 'SliTelemetryAbsent',
  /** Severity ticket: more good events than there are events, so that the SLO shows no errors whatever happens. */
  sliGoodExceedsTotal: 'SliGoodExceedsTotal',
  anomaly: 'Anomaly',
  /** The forecast of a series crosses a limit; takes itself back. */
  predictedBreach: 'PredictedBreach',
  watchdog: 'Watchdog',
  targetDown: 'TargetDown',
  /** An action of the incident responder did not help and was taken back, or could not be. */
  remediationFailed: 'RemediationFailed',
  /** At least half of a service's instances are down. */
  serviceHalfOutage: 'ServiceHalfOutage',
  /** At least three quarters of a service's instances are down. */
  serviceMajorOutage: 'ServiceMajorOutage',
  podCrashLooping: 'PodCrashLoopBackOff',
  podOomKilled: 'PodOomKilled',
  podImagePull: 'PodImagePullBackOff',
  podUnschedulable: 'PodUnschedulable',
  containerThrottled: 'ContainerCpuThrottled',
  nodeNotReady: 'NodeNotReady',
} as const;

/** What Kubernetes itself says is wrong with a workload or a node: the cause in words, not only an effect. */
export const CLUSTER_ALERTS: readonly string[] = [
  ALERTS.podCrashLooping,
  ALERTS.podOomKilled,
  ALERTS.podImagePull,
  ALERTS.podUnschedulable,
  ALERTS.containerThrottled,
  ALERTS.nodeNotReady,
];

/** Annotation that the responder adds to a page: what is probably behind it, in one line; its notification begins with it. */
export const PROBABLE_ROOT = 'probable_root';

/** `true` on an alert that only tries the way to a receiver out; it becomes part of no incident by itself. */
export const DRILL_LABEL = 'drill';

/** Alertmanager's receivers: one a severity, and one for the Watchdog alone. */
export const RECEIVERS = ['page', 'ticket', 'info', 'watchdog'] as const;

/** Which cluster an alert is of, where several send to one Alertmanager: an external label of Prometheus. */
export const CLUSTER_LABEL = 'cluster';
