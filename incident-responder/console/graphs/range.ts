import { type RangeSeries, sampleValue } from '@aiops-sre/service-kit/prometheus/samples.ts';

/** Moments at which a range is asked for; Prometheus evaluates at start + n * step. */
export interface Range {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly stepSeconds: number;
}

/** Long steps would end long ago. */
const LONGEST_AGE_SECONDS = 15;

/** The latest `seconds`, on whole steps where these are short: the points of two requests are the same. */
export function latestRange(seconds: number, stepSeconds: number, nowMs: number): Range {
  const grid = Math.min(stepSeconds, LONGEST_AGE_SECONDS);
  const endSeconds = Math.floor(nowMs / 1000 / grid) * grid;
  return { startSeconds: endSeconds - seconds, endSeconds, stepSeconds };
}

export function timestampsOf({ startSeconds, endSeconds, stepSeconds }: Range): number[] {
  const timestamps: number[] = [];
  for (let at = startSeconds; at <= endSeconds; at += stepSeconds) timestamps.push(at);
  return timestamps;
}

/** Values at these moments; null where there is none. */
export function aligned(series: RangeSeries | undefined, timestamps: readonly number[]): (number | null)[] {
  const at = new Map(series?.samples);
  return timestamps.map((timestamp) => {
    const value = sampleValue(at.get(timestamp) ?? 'NaN');
    return Number.isFinite(value) ? value : null;
  });
}

/** Shares as percents. */
export const percents = (shares: readonly (number | null)[]): (number | null)[] =>
  shares.map((share) => (share === null ? null : share * 100));
