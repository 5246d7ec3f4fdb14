import type { WallClock } from './expectation/wall-clock.ts';
import type { Parameters } from './parameters.ts';

/** What the model says of one sample. Too few samples, no sample and a bad sample are named, never "normal". */
export type Observation = ScoredObservation | WarmingUpObservation | NoDataObservation | RejectedObservation;

export interface ScoredObservation {
  readonly kind: 'scored';
  /** 0..1; an alarm at {@link ALARM_THRESHOLD} and above. */
  readonly score: number;
  /** What the model expected before it saw the value, in the value's unit. */
  readonly expected: number;
  /** Bounds of the prediction interval, in the value's unit: 95 % of ordinary values lie within. */
  readonly lower: number;
  readonly upper: number;
  /** Size of a residual that is not rare where tails are heavy, in the value's unit. */
  readonly tailScale: number;
  /** 0..1: how much history stands behind this expectation. */
  readonly confidence: number;
  /** Where the value lies relative to the interval. */
  readonly direction: 'above' | 'below' | 'within';
  /** value - expected, in the value's unit. */
  readonly deviation: number;
  /** How many events the value is a share of, where that is known. */
  readonly events?: number | undefined;
  /** Since when the value is the same, Unix seconds, where that is much longer than ever before; else undefined. */
  readonly stuckSinceSeconds: number | undefined;
}

interface WarmingUpObservation {
  readonly kind: 'warming-up';
  readonly pointsSeen: number;
  readonly pointsNeeded: number;
}

/** There was no sample where one was due. */
interface NoDataObservation {
  readonly kind: 'no-data';
}

interface RejectedObservation {
  readonly kind: 'rejected';
  readonly reason: 'not-a-number' | 'infinite' | 'out-of-order' | 'duplicate';
}

export interface SeriesModelOptions {
  /** Seconds between samples, > 0. */
  readonly stepSeconds: number;
  /** IANA zone whose wall clock the seasons follow, such as Europe/Berlin. */
  readonly timeZone: string;
  /** In place of the zone's own, as where holidays count as Sundays. */
  readonly clock?: WallClock | undefined;
  /** Default `auto`: daily and weekly, each used only where it predicts better than doing without. */
  readonly seasonality?: 'auto' | 'none' | 'daily' | 'daily-and-weekly';
  /** A deviation smaller than this, in the value's unit, is never an alarm. Default 0. */
  readonly minimumAbsoluteDeviation?: number;
  /** A deviation smaller than this part of the expected value is never an alarm. Default 0. */
  readonly minimumRelativeDeviation?: number;
  /** What the value cannot be below or above, in its unit: nothing beyond is expected. Default: learnt for 0, else none. */
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  /** Which side of the expectation may alarm. Default `both`. */
  readonly direction?: 'both' | 'above' | 'below';
  /** Other than the built-in ones, for experiments. */
  readonly parameters?: Parameters | undefined;
}

/**
 * Online model of one series: O(1) time a sample, constant memory. Pure: no clock, no I/O; the same samples in the
 * same order give the same state, bit for bit, whether or not it went through {@link serialize} in between.
 */
export interface SeriesModel {
  /**
   * Scores the sample against the past, then learns from it. Rejected samples leave the state as it was.
   * @param events how many events the value is a share of, > 0: few are off by chance, and teach little
   */
  update(timestampSeconds: number, value: number, events?: number): Observation;
  /** Notes that no sample came; the state stays as it was. */
  gap(timestampSeconds: number): Observation;
  /**
   * The expectation for a future moment; undefined while warming up or for a moment already seen.
   * @param events how many the value is a share of then; undefined: as many as usual
   */
  forecast(timestampSeconds: number, events?: number): Forecast | undefined;
  /** What the latest expectation was made of beside the level; `level` is: nothing. */
  readonly season: 'level' | 'daily' | 'weekly';
  /** How often that part of the season was seen before; 30 for more. */
  readonly visits: number;
  /** The level was moved of late to where the series had settled, and has not gone back: by how much, in the value's unit. */
  readonly levelMoved: { readonly by: number; readonly secondsAgo: number } | undefined;
  serialize(): Uint8Array;
}

export interface Forecast {
  readonly expected: number;
  /** Bounds of the interval that 95 % of ordinary values lie within at that horizon. */
  readonly lower: number;
  readonly upper: number;
  readonly tailScale: number;
  /** The part of `expected` that is the damped trend since the last sample; 0 where a trend does not help. */
  readonly trend: number;
}

/** Scores from here on are alarms. Built in: the scores are made so that it holds for every series. */
export const ALARM_THRESHOLD = 0.5;
