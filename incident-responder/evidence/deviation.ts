import { median } from '@aiops-sre/service-kit/statistics/median.ts';

/** How far a signal of a service is off what it was before. */
export interface Deviation {
  /** What it was before: a ratio of failures, seconds, or the signal's own unit. */
  readonly before: number;
  readonly after: number;
  /**
   * What came on top, in units that add up along calls, so that a callee's can be set against its caller's: failures, or
   * seconds of waiting, in all of the time looked at; where requests are not counted, each step is taken for one. Not below 0.
   */
  readonly excess: number;
  /** Distance in units of the signal's own noise. Not below 0. */
  readonly distance: number;
}

/** Requests within one step, and what of them failed. */
export interface CountedStep {
  readonly requests: number;
  readonly failures: number;
}

/** A mean over the requests of one step. */
export interface WeighedStep {
  readonly value: number;
  /** Requests that the mean is of; undefined where nobody counted. */
  readonly requests: number | undefined;
}

/** Smallest noise that a level is taken to have: series without any spread would find every difference surprising. */
export interface NoiseFloor {
  /** Of the level before, 0..1. */
  readonly relative: number;
  /** In the signal's unit. */
  readonly absolute: number;
}

const HALF_SURE_AT = 5;
/** Fewer are no time before. */
export const MIN_STEPS_BEFORE = 3;
/** Of the normal distribution: IQR = 1.349 standard deviations. */
const IQR_PER_DEVIATION = 1.349;
/** One failure more or less says nothing, however rare failures were. */
const FAILURES_FLOOR = 1;

/** How sure it is that this is more than noise: 0..1, a half at five times the noise, 0 of what was not measured. */
export const strengthOf = (deviation: Deviation | undefined): number =>
  deviation === undefined ? 0 : deviation.distance / (deviation.distance + HALF_SURE_AT);

/**
 * Failures against what the time before lets expect of so many requests: a score test of the binomial, its variance
 * widened by how much more than the binomial the steps before scattered (Pearson's dispersion).
 *
 * @returns undefined with fewer than three steps with requests before, or no request after
 */
export function failureDeviation(
  before: readonly CountedStep[],
  after: readonly CountedStep[],
): Deviation | undefined {
  const past = before.filter(({ requests }) => requests > 0);
  const [then, now] = [total(past), total(after)];
  if (past.length < MIN_STEPS_BEFORE || now.requests <= 0) return undefined;
  // Half a failure more keeps "never yet" from meaning "impossible".
  const ratio = (then.failures + 0.5) / (then.requests + 1);
  const variance = (requests: number) => requests * ratio * (1 - ratio);
  const pearson = past.reduce(
    (sum, step) => sum + (step.failures - step.requests * ratio) ** 2 / variance(step.requests),
    0,
  );
  const dispersion = Math.max(1, pearson / past.length);
  const excess = Math.max(0, now.failures - now.requests * ratio);
  return {
    before: then.failures / then.requests,
    after: now.failures / now.requests,
    excess,
    distance: excess / Math.sqrt(variance(now.requests) * dispersion + FAILURES_FLOOR),
  };
}

/**
 * A level (a duration, a use of something) against the time before: the distance from the median before, in units of the
 * spread before (interquartile range) or of the floor, whichever is larger. Upwards only: what fell is no trouble.
 *
 * @returns undefined with fewer than three steps before, or none after (none with a request, where they are counted)
 */
export function levelDeviation(
  before: readonly WeighedStep[],
  after: readonly WeighedStep[],
  floor: NoiseFloor,
): Deviation | undefined {
  if (before.length < MIN_STEPS_BEFORE || after.length === 0) return undefined;
  const values = before.map(({ value }) => value);
  const level = median(values);
  const noise = Math.max(spreadOf(values), floor.relative * Math.abs(level), floor.absolute);
  const weights = after.map(({ requests }) => requests ?? 1);
  const weight = weights.reduce((sum, each) => sum + each, 0);
  if (weight === 0) return undefined;
  const now = after.reduce((sum, { value }, index) => sum + value * weights[index]!, 0) / weight;
  const rise = Math.max(0, now - level);
  return {
    before: level,
    after: now,
    excess: rise * weight,
    distance: rise / noise,
  };
}

/** Standard deviation by the interquartile range: a few values far off do not count. */
export function spreadOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / IQR_PER_DEVIATION;
}

function total(steps: readonly CountedStep[]): CountedStep {
  return steps.reduce(
    (sum, { requests, failures }) => ({
      requests: sum.requests + requests,
      failures: sum.failures + failures,
    }),
    { requests: 0, failures: 0 },
  );
}

/** R's type 7, of sorted values. */
function quantile(sorted: readonly number[], probability: number): number {
  const at = probability * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}
