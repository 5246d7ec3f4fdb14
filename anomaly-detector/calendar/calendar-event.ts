/**
 * What becomes of the series while an event lasts. A `holiday` is held against, and teaches, the day of the week that people are
 * off on; during `maintenance`, deploys included, nothing is judged and nothing is learnt.
 */
export const EVENT_KINDS = ['holiday', 'maintenance'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** [from, until) in Unix seconds. */
export interface Occurrence {
  readonly fromSeconds: number;
  readonly untilSeconds: number;
}

/** An event of a calendar, with all times that it comes again. */
export interface CalendarEvent {
  readonly kind: EventKind;
  readonly name: string;
  /** Only series of these services; empty: all. */
  readonly services: readonly string[];
  /** Where it is written: `holidays.ics:12`. */
  readonly where: string;
  /** The occurrences that overlap a stretch of time, in order. Bounded by it: what recurs does so hourly at most. */
  occurrences(stretch: Occurrence): readonly Occurrence[];
}
