import type { ReplayedAnomaly } from './replay.ts';

/** What the anomalies of one series are worth against labelled events, for adding up over a corpus. */
export interface EventResult {
  readonly events: number;
  readonly found: number;
  readonly falseAlarms: number;
  readonly weeks: number;
}

/** Labelled stretches nearer than this are one event. */
const SAME_EVENT_SECONDS = 1800;
/** An anomaly that begins so long after an event still is about it. */
const LATE_SECONDS = 600;

/**
 * An event is found by an anomaly that overlaps it, a step earlier to ten minutes later; an anomaly that touches no event
 * is a false alarm. What ends before `fromSeconds` does not count. No point adjustment.
 */
export function scoreEvents(
  anomalies: readonly ReplayedAnomaly[],
  labelled: readonly (readonly [number, number])[],
  { fromSeconds, stepSeconds, weeks }: { fromSeconds: number; stepSeconds: number; weeks: number },
): EventResult {
  const events: [number, number][] = [];
  for (const [from, to] of labelled) {
    if (to < fromSeconds) continue;
    const last = events.at(-1);
    if (last && from - last[1] < SAME_EVENT_SECONDS) last[1] = to;
    else events.push([from, to]);
  }
  const judged = anomalies
    .map(({ anomaly, endSeconds }) => [anomaly.startSeconds, endSeconds ?? Number.POSITIVE_INFINITY] as const)
    .filter(([, end]) => end >= fromSeconds);
  const touches = ([from, to]: readonly [number, number], [start, end]: readonly [number, number]) =>
    start <= to + LATE_SECONDS && end >= from - stepSeconds;
  return {
    events: events.length,
    found: events.filter((event) => judged.some((one) => touches(event, one))).length,
    falseAlarms: judged.filter((one) => !events.some((event) => touches(event, one))).length,
    weeks,
  };
}

export function eventF1(results: readonly EventResult[]): number {
  const sum = (pick: (result: EventResult) => number) =>
    results.reduce((total, result) => total + pick(result), 0);
  const found = sum((result) => result.found);
  const wrong = sum((result) => result.falseAlarms) + sum((result) => result.events) - found;
  return found === 0 ? 0 : (2 * found) / (2 * found + wrong);
}
