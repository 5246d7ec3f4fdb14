/** No alert has fired for longer; Go's zero time, year 1, stands for "not known". */
const LONGEST_MS = 400 * 86_400_000;
/** Clocks of two machines that are kept in time. */
const CLOCK_SKEW_MS = 60_000;

export const TIME_PROBLEMS = ['start-unknown', 'start-ahead', 'end-before-start'] as const;
export type TimeProblem = (typeof TIME_PROBLEMS)[number];

interface TimedAlert {
  readonly startsAtMs: number;
  readonly endsAtMs: number | null;
}

/** What is not to be believed of an alert's times; undefined if they are plausible. */
export function timeProblemOf({ startsAtMs, endsAtMs }: TimedAlert, atMs: number): TimeProblem | undefined {
  if (startsAtMs < atMs - LONGEST_MS) return 'start-unknown';
  if (startsAtMs > atMs + CLOCK_SKEW_MS) return 'start-ahead';
  if (endsAtMs !== null && endsAtMs < startsAtMs) return 'end-before-start';
  return undefined;
}

/**
 * An alert whose times can be counted with: a start that is not known or lies ahead is when it was first heard of, and
 * an end lies between start and now.
 *
 * @param firstHeardAtMs start it has here, if it is known already
 */
export function withPlausibleTimes<Alert extends TimedAlert>(
  alert: Alert,
  atMs: number,
  firstHeardAtMs: number | undefined,
): Alert {
  const { startsAtMs, endsAtMs } = alert;
  const isKnown = startsAtMs >= atMs - LONGEST_MS && startsAtMs <= atMs + CLOCK_SKEW_MS;
  const start = isKnown ? Math.min(startsAtMs, atMs) : (firstHeardAtMs ?? atMs);
  return {
    ...alert,
    startsAtMs: start,
    endsAtMs: endsAtMs === null ? null : Math.min(atMs, Math.max(start, endsAtMs)),
  };
}
