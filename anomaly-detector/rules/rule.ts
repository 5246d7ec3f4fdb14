/** A value that a watched series is expected not to cross; the detector predicts when it would. */
export type Limit = {
  readonly name: string;
  readonly side: 'above' | 'below';
  readonly value: number;
  /** Only a breach nearer than this is worth a person's time. */
  readonly withinSeconds: number;
  /** Probability from which on the breach is announced, 0..1. */
  readonly probability: number;
  readonly severity: 'ticket' | 'info';
};

/** What a rule measures of a service, so that a rule of one's own takes the place of a template's. */
export const MEASURES = [
  'requests',
  'errors',
  'duration',
  'route_requests',
  'route_errors',
  'route_duration',
] as const;

/** A template: the rule is about every service in its query's answer. */
export type ForEach = {
  /** Label of the answer that names the service. */
  readonly serviceLabel: string;
  /** Services that are watched at once. */
  readonly maxServices: number;
  /** Series that are watched of each, such as its routes. */
  readonly maxSeriesEach: number;
  /** What begins in a series' first so many seconds raises no alert: usual is not known yet. */
  readonly learningSeconds: number;
  /** Services that a rule of their own watches by the same measure. */
  readonly except: readonly string[];
};

/** One PromQL query and how each series of its answer is watched. Times are seconds. */
export type Rule = {
  readonly name: string;
  /** What the query measures, in words that fit "<title> is lower than expected". */
  readonly title: string;
  readonly unit: string;
  /** PromQL in which `$window` stands for the range of rates. */
  readonly query: string;
  /** PromQL that counts the events which a ratio is a share of, in `$window`; undefined: the value is no such share. */
  readonly events: string | undefined;
  readonly windowSeconds: number;
  readonly stepSeconds: number;
  /**
   * History is read in two passes: coarse over `historySeconds`, because old samples may be too far apart for the
   * live window, then the last `recentSeconds` exactly as live, which teaches the noise of live values.
   */
  readonly backfill: {
    readonly historySeconds: number;
    readonly stepSeconds: number;
    readonly windowSeconds: number;
    readonly recentSeconds: number;
  };
  readonly seasonality: 'auto' | 'none' | 'daily' | 'daily-and-weekly';
  readonly direction: 'both' | 'above' | 'below';
  readonly minimumAbsoluteDeviation: number;
  readonly minimumRelativeDeviation: number;
  /** How often a series may alarm without cause; undefined: as built in, which no past of the series moves. */
  readonly expectedFalseAlarmsPerWeek: number | undefined;
  /** What the value cannot be below or above, in the query's unit. */
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly severity: 'ticket' | 'info';
  /** Label `service` of alerts whose series has none. */
  readonly service: string | undefined;
  /** undefined: the rule is about what its query says. */
  readonly forEach: ForEach | undefined;
  readonly measures: (typeof MEASURES)[number] | undefined;
  /** Labels that tell series apart; undefined keeps all of the answer's. */
  readonly labels: readonly string[] | undefined;
  /** Whether a value that stays the same for much longer than ever before is an anomaly. */
  readonly stuck: 'anomaly' | 'ignore';
  readonly vanished: 'anomaly' | 'ignore';
  readonly vanishedAfterSeconds: number;
  readonly maxSeries: number;
  /** Page below the base of runbooks; undefined: the one named after the alert. */
  readonly runbook: string | undefined;
  /** Page below the base of dashboards; may be empty. `$service` stands for the service. */
  readonly dashboard: string;
  /** Rules that show the same at a larger scale: while one of them reports a service, this one adds no alert. */
  readonly coveredBy: readonly string[];
  readonly limits: readonly Limit[];
  readonly lookFirst: readonly { readonly what: string; readonly query: string | undefined }[];
  readonly suggestedActions: readonly string[];
};

/** A rule's query with its range filled in: `rate(x[$window])` becomes `rate(x[120s])`. */
export function withWindow(query: string, windowSeconds: number): string {
  return query.replaceAll('$window', `${windowSeconds}s`);
}
