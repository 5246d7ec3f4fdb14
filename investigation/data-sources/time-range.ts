import { durationSeconds } from '@aiops-sre/service-kit/durations/parse-duration.ts';

/** Unix seconds, from before to. */
export interface TimeRange {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** Tempo keeps a week of traces. */
const LONGEST_SECONDS = 7 * 86_400;

/** Seconds of an option such as `30m`. @throws naming the option and what was expected */
export function secondsOf(option: string, text: string, examples = '90s, 30m, 6h or 2d'): number {
  const seconds = durationSeconds(text);
  if (!seconds) throw new Error(`${option}: expected a time such as ${examples}, got "${text}"`);
  return seconds;
}

export interface RangeOptions {
  /** Back from now or from `to`. */
  readonly since?: string | undefined;
  /** ISO 8601 or Unix seconds. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** @throws naming the option that is wrong */
export function timeRange({ since, from, to }: RangeOptions, nowSeconds: number): TimeRange {
  if (since !== undefined && from !== undefined) throw new Error('give --since or --from, not both');
  const toSeconds = to === undefined ? nowSeconds : instant('--to', to);
  const fromSeconds =
    from === undefined ? toSeconds - secondsOf('--since', since ?? '30m') : instant('--from', from);
  if (fromSeconds >= toSeconds) throw new Error('--from: expected a time before --to');
  if (toSeconds - fromSeconds > LONGEST_SECONDS)
    throw new Error('the range is longer than the 7 days that traces are kept');
  return { fromSeconds, toSeconds };
}

function instant(option: string, text: string): number {
  const seconds = /^\d{9,10}(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text) / 1000;
  if (!Number.isFinite(seconds))
    throw new Error(`${option}: expected a time such as 2026-10-01T12:00:00Z or Unix seconds, got "${text}"`);
  return seconds;
}

/** Stretches of equal length, from early to late. */
export function slices({ fromSeconds, toSeconds }: TimeRange, count: number): readonly TimeRange[] {
  const length = (toSeconds - fromSeconds) / count;
  return Array.from({ length: count }, (_, index) => ({
    fromSeconds: fromSeconds + index * length,
    toSeconds: fromSeconds + (index + 1) * length,
  }));
}
