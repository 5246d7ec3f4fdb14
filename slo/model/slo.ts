import type { BurnRatePair } from './burn-rate-windows.ts';

/** One validated service level objective: everything the rules, tests and dashboards are made from. */
export interface Slo {
  /** Label `slo`, and the name of the generated files: a DNS label, unique among the definitions. */
  readonly name: string;
  /** Label `service`: a DNS label. */
  readonly service: string;
  readonly displayName: string;
  readonly description: string;
  /** More labels of every rule and alert, from the metadata of service and SLO. */
  readonly labels: Readonly<Record<string, string>>;
  /** Labels of the telemetry whose every combination is an SLO of its own; sorted, usually none. */
  readonly groupBy: readonly string[];
  /** Share of good events to reach, as exact decimal text in (0, 1): `0.999`. */
  readonly objective: string;
  /** 1 - objective, exact. */
  readonly errorBudget: string;
  readonly period: Period;
  /** Of a calendar period, the longest that it may have. */
  readonly periodDays: number;
  /** Burn-rate pairs that can fire at its objective. */
  readonly pairs: readonly BurnRatePair[];
  readonly indicator: Indicator;
  /** Where minutes are good or bad, rather than events. */
  readonly timeSlice?: TimeSlice | undefined;
  readonly options: SloOptions;
}

/** What the error budget is for: the days until now, or a month or quarter from its first minute. */
export type Period =
  | { readonly kind: 'rolling'; readonly days: number }
  | { readonly kind: 'calendar'; readonly unit: 'month' | 'quarter'; readonly timeZone: string };

/** A minute is bad when more than a share of the events of the window before it are. */
export interface TimeSlice {
  readonly window: string;
  /** 1 - the target of a slice, exact. */
  readonly allowedErrorRatio: string;
}

/** Queries hold `{{.window}}` where the window goes and yield one series of events a second for each group. */
export interface Indicator {
  /** What the numerator counts. */
  readonly counts: 'good' | 'bad';
  readonly numerator: string;
  readonly total: string;
  /**
   * What a numerator without any series means while the total has some. `zero`: a counter that is created by its first
   * event. `no-data`: a histogram bucket, which is there whenever the histogram is.
   */
  readonly missingNumerator: 'zero' | 'no-data';
  /** Selectors as they stand in the queries: while they select nothing, there is no telemetry, whatever the queries say. */
  readonly selectors: { readonly numerator: readonly string[]; readonly total: readonly string[] };
  /** Why telemetry for tests can not be made up; undefined for rates of one selector, at most summed. */
  readonly notPlain?: string | undefined;
}

export interface SloOptions {
  /** Fewer bad events than this in its long window fire no burn-rate alert, unless at least half of all events fail. */
  readonly minimumBadEvents: number;
  /** A ticket when the budget lasts no longer than this at the mildest recent burn rate. */
  readonly exhaustionWarning: string;
  readonly absenceSeverity: 'page' | 'ticket' | 'none';
  /** With more groups than this the rules of the SLO fail, rather than to grow without bound. */
  readonly maximumGroups: number;
  /** Alerts are computed, recorded and shown, and reach nobody. */
  readonly burnIn: boolean;
}

export const DEFAULT_OPTIONS: SloOptions = {
  minimumBadEvents: 3,
  exhaustionWarning: '3d',
  absenceSeverity: 'page',
  maximumGroups: 50,
  burnIn: false,
};

/** A service that definitions describe; SLOs may also name one that none describes. */
export interface Service {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
}
