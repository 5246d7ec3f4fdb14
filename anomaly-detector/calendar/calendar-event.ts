/** What becomes of the series while an event lasts. */
export type EventKind =
  /** The day is held against, and teaches, the days that people are off. */
  | 'holiday'
  /** Nothing is judged and nothing is learnt: a deploy, maintenance. */
  | 'maintenance';

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
