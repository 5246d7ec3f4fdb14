/** Some ticks in a row with the same events in each. */
export interface Phase {
  readonly ticks: number;
  /** Share of bad events, 0..1; with the default events a tick it must give whole ones. */
  readonly errorRatio?: number;
  readonly events?: number;
  /** No telemetry: neither counter has a sample. */
  readonly absent?: boolean;
  /** Both counters start again from zero at the first tick, as after a restart. */
  readonly reset?: boolean;
}

/** Cumulative events at each tick; undefined where there is no telemetry. */
export interface EventTimeline {
  readonly bad: readonly (number | undefined)[];
  readonly total: readonly (number | undefined)[];
  /** Bad and total as the counters show them, restarts included. */
  readonly shownBad: readonly (number | undefined)[];
  readonly shownTotal: readonly (number | undefined)[];
}

/** Enough for every ratio of the tables to be whole events. */
export const EVENTS_A_TICK = 1_000_000;

/**
 * Where counters stand when a test begins. rate() extrapolates a series that starts at zero less far than others, which
 * would shift the ratio of two of them: far from zero both are treated alike.
 */
const LONG_RUNNING = 1e12;

export interface TimelineOptions {
  /** The counter of bad events does not exist before the first one. */
  readonly bornWithFirstError?: boolean;
}

export function eventTimeline(
  phases: readonly Phase[],
  { bornWithFirstError = false }: TimelineOptions = {},
): EventTimeline {
  const timeline = {
    bad: [] as (number | undefined)[],
    total: [] as (number | undefined)[],
    shownBad: [] as (number | undefined)[],
    shownTotal: [] as (number | undefined)[],
  };
  let bad = 0;
  let total = 0;
  let offset = { bad: bornWithFirstError ? 0 : LONG_RUNNING, total: 2 * LONG_RUNNING };
  for (const { ticks, errorRatio = 0, events = EVENTS_A_TICK, absent = false, reset = false } of phases) {
    if (reset) offset = { bad: -bad, total: -total };
    for (let tick = 0; tick < ticks; tick += 1) {
      bad += Math.round(errorRatio * events);
      total += events;
      timeline.bad.push(absent ? undefined : bad);
      timeline.total.push(absent ? undefined : total);
      timeline.shownBad.push(absent || (bornWithFirstError && bad === 0) ? undefined : bad + offset.bad);
      timeline.shownTotal.push(absent ? undefined : total + offset.total);
    }
  }
  return timeline;
}

/** Shares of bad events over the window that ends at `tick`: undefined without two samples or without events. */
export function windowErrorRatio(
  { bad, total }: Pick<EventTimeline, 'bad' | 'total'>,
  tick: number,
  windowTicks: number,
): number | undefined {
  // Ranges are open on the left: a window of n ticks holds n samples and so n - 1 intervals.
  let first = Math.max(0, tick - windowTicks + 1);
  let last = tick;
  while (first < last && total[first] === undefined) first += 1;
  while (last > first && total[last] === undefined) last -= 1;
  if (first >= last || total[first] === undefined) return undefined;
  const events = total[last]! - total[first]!;
  return events > 0 ? (bad[last]! - bad[first]!) / events : undefined;
}

/** Whether the window that ends at `tick` has the two samples that a rate needs. */
export function hasRate({ total }: Pick<EventTimeline, 'total'>, tick: number, windowTicks: number): boolean {
  let samples = 0;
  for (let each = Math.max(0, tick - windowTicks + 1); each <= tick; each += 1)
    if (total[each] !== undefined) samples += 1;
  return samples >= 2;
}
