/** A template of recurring lines as Loki's pattern ingester tells it: lines counted by time, Unix seconds. */
export interface Pattern {
  readonly service: string;
  readonly level: string;
  readonly template: string;
  readonly samples: readonly (readonly [timestamp: number, lines: number])[];
}

export interface RankedTemplate {
  readonly service: string;
  readonly level: string;
  readonly template: string;
  /** Lines in the window, and in as much time before it. */
  readonly lines: number;
  readonly before: number;
  readonly change: 'new' | 'rising' | 'steady';
}

/** At least twice as many as before, and not for want of a few. */
const RISING_FACTOR = 2;
const RISING_LINES = 30;

const ORDER = { new: 0, rising: 1, steady: 2 } as const;

/**
 * The templates that occur in the window, new ones first, then rising ones, then by lines. A template is new where it
 * did not occur in as much time before the window while others did: of a Loki that has just started nothing is new.
 */
export function rankTemplates(
  patterns: readonly Pattern[],
  { untilSeconds, windowSeconds }: { readonly untilSeconds: number; readonly windowSeconds: number },
): readonly RankedTemplate[] {
  const windowStart = untilSeconds - windowSeconds;
  const sum = ({ samples }: Pattern, from: number, to: number) =>
    samples.reduce((total, [at, lines]) => total + (at >= from && at < to ? lines : 0), 0);
  const hasPast = patterns.some((pattern) => sum(pattern, windowStart - windowSeconds, windowStart) > 0);
  return patterns
    .map((pattern) => {
      const lines = sum(pattern, windowStart, Number.POSITIVE_INFINITY);
      const before = sum(pattern, windowStart - windowSeconds, windowStart);
      const { service, level, template } = pattern;
      return { service, level, template, lines, before, change: changeOf(lines, before, hasPast) };
    })
    .filter(({ lines }) => lines > 0)
    .toSorted((one, other) => ORDER[one.change] - ORDER[other.change] || other.lines - one.lines);
}

function changeOf(lines: number, before: number, hasPast: boolean): RankedTemplate['change'] {
  if (before === 0) return hasPast ? 'new' : 'steady';
  return lines >= RISING_FACTOR * before && lines - before >= RISING_LINES ? 'rising' : 'steady';
}
