/**
 * Names of the metrics that cross a component's border. Counters of the process itself (prom-client) carry the SLIs:
 * they exist at zero from the start and are exact; the rest comes from OpenTelemetry by way of the Collector.
 */
export const METRICS = {
  /** Counter {service, instance, method, route, status_class}: every answered request; the availability SLI. */
  httpRequests: 'http_requests_total',
  /** Counter {service, instance, document_status}: `processed` or `failed`; the fulfillment SLI. */
  fulfillmentDocuments: 'fulfillment_document_requests_count_total',
  /** Counter {service, instance, method, route, arm, outcome}: the demo's visitors' requests as they saw them end; `arm` is `stable` or `canary`. */
  trafficRequests: 'traffic_requests_total',
  /** Gauge, always 1 {service, instance, version, revision, environment}. */
  demoAppInfo: 'demo_app_info',
  /** Gauge {service, instance, kind}: 1 while a fault of this kind (error, rate_limit, latency, memory_leak, heap_leak, cpu_load, network, scrape, disk, clock) is injected. */
  demoFaultActive: 'demo_fault_active',
  /** Gauge {service, instance}: the process' clock at the scrape, Unix seconds. */
  demoTime: 'demo_time_seconds',
  /** Counter {probe, result}: `success` or `failure`; checks of the shop from outside. */
  probeChecks: 'probe_checks_total',
  /** Counter {probe, stage}: where those that failed did. */
  probeFailures: 'probe_failures_total',
  /** Histogram in seconds {probe}. */
  probeDuration: 'probe_duration_seconds',
  /** Gauges of a process' pool of database connections {service, instance, pool}; connections by `state`: used, idle. */
  databasePoolConnections: 'demo_database_pool_connections',
  databasePoolWaiters: 'demo_database_pool_waiters',
  databasePoolMax: 'demo_database_pool_max',
  /** Histogram in seconds {service, instance, pool}: from asking for a connection to having one. */
  databasePoolWait: 'demo_database_pool_wait_seconds',
  /** Counter {service, instance, kind}: statements and connections that failed. */
  databaseQueryErrors: 'demo_database_query_errors_total',
  /** Counter {service, instance, state, reason}: checkouts that ended, fulfilled or failed; the checkout SLI. */
  checkoutOrders: 'checkout_orders_total',
  /** Counter in seconds {service, instance, state}: time with no job older than the objective (`fresh`), and the rest (`stale`). */
  checkoutFreshness: 'checkout_freshness_seconds_total',
  /** Gauge {service, instance, queue, state}: jobs that are not done. */
  checkoutQueueJobs: 'checkout_queue_jobs',
  /** Gauge in seconds {service, instance, queue}: age of the oldest job that is not done, 0 without any. */
  checkoutQueueOldest: 'checkout_queue_oldest_seconds',
  /** Histogram in seconds {service, instance, step}: how long a step took, failed or not. */
  checkoutStepDuration: 'checkout_step_duration_seconds',
  /** Counter {service, instance, status}: answers of the payment provider to charges. */
  paymentsCharges: 'payments_charges_total',
  /** Histogram in seconds, from OpenTelemetry's HTTP instrumentation {job, instance, http_route, ...}. */
  httpServerDuration: 'http_server_request_duration_seconds',
  /**
   * Counter and histogram in seconds from the Collector's span metrics connector, under the names that Grafana's
   * service graph looks for: Prometheus renames the histogram as it scrapes it.
   */
  spanCalls: 'traces_spanmetrics_calls_total',
  spanDuration: 'traces_spanmetrics_latency',
  /**
   * The same by service, kind and outcome alone {service_name, span_kind, status_code, job, instance}: a few series a
   * service, however many routes it has.
   */
  serviceCalls: 'traces_services_calls_total',
  serviceDuration: 'traces_services_duration_seconds',
  /** Recorded {service_name}: seconds within which 95 % of the requests of the last two minutes were answered; absent without any. */
  serviceAnsweredWithin: 'service:request_duration_seconds:p95_rate2m',
  /** Counter {client, server} from the Collector's service graph connector. */
  serviceGraphRequests: 'traces_service_graph_request_total',
  serviceGraphFailed: 'traces_service_graph_request_failed_total',
  /** Gauges of the anomaly detector, one series a watched series {rule, ...labels kept}. */
  anomalyScore: 'anomaly_score',
  anomalyExpected: 'anomaly_expected',
  anomalyLower: 'anomaly_lower',
  anomalyUpper: 'anomaly_upper',
  anomalyValue: 'anomaly_value',
  anomalyActive: 'anomaly_active',
  /** Gauge, always 1 {rule, unit, direction}: what a rule's values are in, and where outside the bounds they can be an anomaly: `both`, `above` or `below`. */
  anomalyRuleInfo: 'anomaly_detector_rule_info',
  /** Gauge, 0..1 {rule, limit, ...labels kept}: how likely the series is to cross the limit within the time the rule looks ahead. */
  predictedBreachProbability: 'anomaly_predicted_breach_probability',
  /** Gauge in seconds {rule, limit, ...labels kept}: until the limit will be crossed; absent unless that is predicted. */
  predictedBreach: 'anomaly_predicted_breach_seconds',
  /** Gauge, 1 for the variant that each flag has now and 0 for its others {service, instance, flag, variant}. */
  demoFeatureFlag: 'demo_feature_flag',
  /** Counter {receiver, status}: notifications the incident responder took in, repetitions left out. */
  responderNotifications: 'incident_responder_notifications_total',
  /** Counter {receiver}: deliveries that said what the one before had said. */
  responderDuplicates: 'incident_responder_duplicate_notifications_total',
  /** Counter {reason}: webhook requests that were refused or could not be stored. */
  responderWebhookFailures: 'incident_responder_webhook_failures_total',
  /** Counter: alerts left out of a notification whose others were taken in. */
  responderRefusedAlerts: 'incident_responder_refused_alerts_total',
  /** Counter {problem}: alerts whose start or end was not believed. */
  responderImplausibleTimes: 'incident_responder_implausible_times_total',
  /** Gauge: 1 while the responder can store what it is told. */
  responderReady: 'incident_responder_ready',
  /** Gauge in seconds: since the Watchdog was last heard, or since the start if it never was. */
  watchdogAge: 'incident_responder_watchdog_age_seconds',
  /** Gauge, 1 while the Watchdog is silent for longer than allowed: nothing would tell of an outage now. */
  watchdogSilent: 'incident_responder_watchdog_silent',
  /** Counter {severity}: incidents opened. */
  incidents: 'aiops_incidents_total',
  /** Counter: alerts that became part of an incident; over the one above: the noise. */
  incidentAlerts: 'aiops_incident_alerts_total',
  /** Gauge {status}: incidents that are not resolved. */
  openIncidents: 'aiops_open_incidents',
  /** Histograms in seconds, each from the onset of an incident's first alert. */
  timeToDetect: 'aiops_time_to_detect_seconds',
  timeToAcknowledge: 'aiops_time_to_acknowledge_seconds',
  timeToMitigate: 'aiops_time_to_mitigate_seconds',
  timeToResolve: 'aiops_time_to_resolve_seconds',
  /** Gauge in seconds: mean time to resolve over the incidents of the retention; absent before the first. */
  meanTimeToResolve: 'aiops_mttr_seconds',
  /** Counter {action, outcome}: runs of actions that ended, by how. */
  actionRuns: 'aiops_action_runs_total',
  /** Gauge {event_type}, Unix seconds: when a workflow was last dispatched; absent before the first. */
  lastDispatch: 'aiops_last_dispatch_timestamp_seconds',
  /** Gauge, 1 while the hash chain of the audit log holds, as far as it was last checked. */
  auditChainIntact: 'aiops_audit_chain_intact',
  /** Counter {model, outcome}: questions to a language model about incidents, where one is configured. */
  analyses: 'aiops_analyses_total',
  /** Counter {model, direction}: tokens of those, `input` and `output`. */
  tokenUsage: 'aiops_token_usage_total',
  /** Gauge in dollars {model}: what those cost in the last 24 hours. */
  analysisCost: 'aiops_cost_dollars',
  /** Gauge {model}: 0 while the budget of the last 24 hours is spent. */
  analysisWithinBudget: 'aiops_analysis_within_budget',
  /** Gauge, 0..1 {model}: share of judged explanations that people found right; absent before the first verdict. */
  diagnosisAccuracy: 'aiops_diagnosis_accuracy',
  /**
   * Gauge {verdict, source, claimed}: probable roots that `people` or a `drill` found `right`, `wrong` or a `false-alarm`, by the
   * confidence claimed, 0 to 0.8: from there on up to the next. Of the incidents kept.
   */
  rootVerdicts: 'aiops_root_verdicts',
  /** Gauge {verdict, source}: runs of actions that were found `right` or `wrong`, of those kept. */
  actionVerdicts: 'aiops_action_verdicts',
  /** Gauge in seconds {stage, quantile}: until incidents were detected, acknowledged, mitigated, resolved; absent before the first. */
  incidentTime: 'aiops_incident_time_seconds',
  /** Gauges over the incidents kept: all, the resolved ones, those that an action ended by itself; postmortem drafts. */
  keptIncidents: 'aiops_kept_incidents',
  resolvedIncidents: 'aiops_resolved_incidents',
  autoHealedIncidents: 'aiops_auto_healed_incidents',
  postmortems: 'aiops_postmortems',
  /** Counter {channel, outcome}: messages to people on call, `sent` or `failed`. */
  onCallNotifications: 'aiops_on_call_notifications_total',
  /** Gauge {problem}: 1 while the first step of an escalation tells nobody (`nobody`), and while the file is broken (`roster`). */
  onCallProblems: 'aiops_on_call_problems',
  /** Gauge: actions of postmortems that are open past their day. */
  postmortemActionsOverdue: 'aiops_postmortem_actions_overdue',
  /** Gauge {component}: 1 while a component of the platform answers that it is ready. */
  componentReady: 'aiops_component_ready',
  /** Counter {component}: restarts of components whose process lived but did not become ready again (native engine). */
  unreadyRestarts: 'aiops_component_unready_restarts_total',
  /** Counter {backend, reason}: requests that the guard before Tempo and Loki refused. */
  guardRefusals: 'aiops_guard_refusals_total',
  /**
   * Gauges of a report of the chaos programme, each with label `programme`; sent once, so asked for over the time shown. Of the whole:
   * experiments, quiet hours and false incidents in them, the median share of a budget that an experiment spent.
   */
  chaosExperiments: 'chaos_experiments',
  chaosQuietHours: 'chaos_quiet_hours',
  chaosFalseIncidents: 'chaos_false_incidents',
  chaosBudgetSpent: 'chaos_budget_spent_ratio',
  /** Gauges {goal, figure}: `got` and `goal`; of a share also `least` and `most`, what it may truly be. */
  chaosGoalShare: 'chaos_goal_share_ratio',
  chaosGoalTime: 'chaos_goal_time_seconds',
  /** Gauge {goal, what}: `played`, what the figure is of; of a time also `never`, without one. */
  chaosGoalEvents: 'chaos_goal_events',
  /** Gauge {goal}: 1 where it is met, 0 where not; absent where nothing was played that would tell. */
  chaosGoalMet: 'chaos_goal_met',
  /** Gauge {fault, what}: how often it was played, detected, ... */
  chaosFaultCount: 'chaos_fault_count',
  /** Gauge in seconds {fault, until}: medians until `detected`, `notified`, `healed`; absent where it never was. */
  chaosFaultTime: 'chaos_fault_time_seconds',
  /** Gauge {fault}: median of an incident. */
  chaosFaultAlerts: 'chaos_fault_alerts',
  /** Gauges {claimed}: roots told with a confidence from there on up to the next, those that were right, their mean confidence. */
  chaosRoots: 'chaos_roots',
  chaosRightRoots: 'chaos_right_roots',
  chaosConfidence: 'chaos_confidence_ratio',
  /** Gauge, 1 over the time whose data was generated at the first start instead of measured. */
  generatedHistory: 'generated_history',
} as const;

/** Values of label `status_class` of {@link METRICS.httpRequests}. */
export const STATUS_CLASSES = ['2xx', '3xx', '4xx', '5xx'] as const;
export type StatusClass = (typeof STATUS_CLASSES)[number];

/** Value of label `route` for a request that no route matched: keeps the label bounded. */
export const UNMATCHED_ROUTE = 'unmatched';

/** Values of label `document_status` of {@link METRICS.fulfillmentDocuments}. */
export const DOCUMENT_STATUSES = ['processed', 'failed'] as const;

/**
 * Upper bounds in seconds of every HTTP duration histogram. Each latency objective needs a bound of its own
 * (0.5 s is the storefront's); the others are the semantic conventions' advice.
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-metrics/
 */
export const HTTP_DURATION_BOUNDS_SECONDS = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
] as const;

/** The storefront's latency objective in seconds: a bucket bound, the tail sampler's threshold, an SLO. */
export const STOREFRONT_LATENCY_OBJECTIVE_SECONDS = 0.5;
