import type { BurnRatePair } from './burn-rate-windows.ts';

/** One validated service level objective: everything the rules, tests and dashboards are made from. */
export interface Slo {
  /** Label `slo`, and the name of the generated files: a DNS label, unique among the definitions. */
  readonly name: string;
  /** Label `service`: a DNS label. */
  readonly service: string;
  readonly displayName: string;
  readonly description: string;
  /** Share of good events to reach, as exact decimal text in (0, 1): `0.999`. */
  readonly objective: string;
  /** 1 - objective, exact. */
  readonly errorBudget: string;
  readonly periodDays: number;
  /** Burn-rate pairs that can fire at its objective. */
  readonly pairs: readonly BurnRatePair[];
  readonly indicator: Indicator;
  readonly options: SloOptions;
}

/** Queries hold {@link WINDOW_PLACEHOLDER} where the window goes and yield one series of events a second. */
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
}

export interface SloOptions {
  /** Fewer bad events than this in its long window fire no burn-rate alert, unless at least half of all events fail. */
  readonly minimumBadEvents: number;
  /** A ticket when the budget lasts no longer than this at the mildest recent burn rate. */
  readonly exhaustionWarning: string;
  readonly absenceSeverity: 'page' | 'ticket' | 'none';
}

export const DEFAULT_OPTIONS: SloOptions = {
  minimumBadEvents: 3,
  exhaustionWarning: '3d',
  absenceSeverity: 'page',
};

export const WINDOW_PLACEHOLDER = '{{.window}}';

/** A service that definitions describe; SLOs may also name one that none describes. */
export interface Service {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
}
