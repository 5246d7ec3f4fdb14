/** Unix seconds, from before to. */
export interface TimeRange {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Tempo keeps a week of traces. */
const LONGEST_SECONDS = 7 * 86_400;

/** Seconds of a text such as `30m`. @throws saying what was expected */
export function durationSeconds(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(s|m|h|d)$/.exec(text) ?? [];
  if (!amount || !unit || Number(amount) === 0)
    throw new Error(`expected a time such as 90s, 30m, 6h or 2d, got "${text}"`);
  return Number(amount) * UNITS[unit]!;
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
    from === undefined
      ? toSeconds - named('--since', () => durationSeconds(since ?? '30m'))
      : instant('--from', from);
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

function named<T>(option: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${option}: ${(error as Error).message}`, { cause: error });
  }
}

/** Stretches of equal length, from early to late. */
export function slices({ fromSeconds, toSeconds }: TimeRange, count: number): readonly TimeRange[] {
  const length = (toSeconds - fromSeconds) / count;
  return Array.from({ length: count }, (_, index) => ({
    fromSeconds: fromSeconds + index * length,
    toSeconds: fromSeconds + (index + 1) * length,
  }));
}
