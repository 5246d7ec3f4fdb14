import { type OffsetSpan, type WallClock, wallClock, weekdayOf } from '../model/expectation/wall-clock.ts';
import type { CalendarEvent, EventKind, Occurrence } from './calendar-event.ts';

/** An event while it lasts, or that is to come. */
export interface Happening extends Occurrence {
  readonly kind: EventKind;
  readonly name: string;
  readonly services: readonly string[];
}

/** What is known beforehand of the days and hours to judge. */
export interface SeasonCalendar {
  /** The clock of the seasons: on a holiday it shows the day of the week that people are off on, at the same time of day. */
  clock(service: string | undefined): WallClock;
  /** The event that keeps series of the service from being judged and learnt from at that moment. */
  muting(atSeconds: number, service: string | undefined): Happening | undefined;
  /** The holiday of that moment. */
  holiday(atSeconds: number, service: string | undefined): Happening | undefined;
  /** Everything that overlaps [from, until), in order of time. */
  between(fromSeconds: number, untilSeconds: number): readonly Happening[];
}

/** Events are worked out for so much time at once. */
const PAGE_SECONDS = 28 * 86_400;
const MOST_PAGES = 50;
/** How soon a calendar that was changed shows in the seasons. */
const SPAN_SECONDS = 3600;
const DAY_SECONDS = 86_400;

export const WEEKDAYS = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** A calendar whose events can be exchanged while it is used. */
export interface ChangingCalendar extends SeasonCalendar {
  replace(events: readonly CalendarEvent[]): void;
}

/** @param holidaysAre the weekday whose learnt profile holidays have, and add to */
export function createSeasonCalendar({
  timeZone,
  holidaysAre,
  events: initial = [],
}: {
  timeZone: string;
  holidaysAre: Weekday;
  events?: readonly CalendarEvent[];
}): ChangingCalendar {
  const zone = wallClock(timeZone);
  const dayOff = indexOf(holidaysAre);
  const pages = new Map<number, readonly Happening[]>();
  let events = initial;

  function pageOf(index: number): readonly Happening[] {
    let page = pages.get(index);
    if (page === undefined) {
      if (pages.size >= MOST_PAGES) pages.clear();
      page = happeningsOf(events, {
        fromSeconds: index * PAGE_SECONDS,
        untilSeconds: (index + 1) * PAGE_SECONDS,
      });
      pages.set(index, page);
    }
    return page;
  }

  function at(atSeconds: number, kind: EventKind, service: string | undefined): Happening | undefined {
    if (events.length === 0) return undefined;
    return pageOf(Math.floor(atSeconds / PAGE_SECONDS)).find(
      (one) =>
        one.kind === kind &&
        atSeconds >= one.fromSeconds &&
        atSeconds < one.untilSeconds &&
        concerns(one, service),
    );
  }

  function spanAt(atSeconds: number, service: string | undefined): OffsetSpan {
    const ordinary = zone.spanAt(atSeconds);
    const hour = Math.floor(atSeconds / SPAN_SECONDS) * SPAN_SECONDS;
    let from = Math.max(ordinary.from, hour);
    let until = Math.min(ordinary.until, hour + SPAN_SECONDS);
    let days = 0;
    for (const one of events.length === 0 ? [] : pageOf(Math.floor(atSeconds / PAGE_SECONDS))) {
      if (one.kind !== 'holiday' || !concerns(one, service)) continue;
      for (const edge of [one.fromSeconds, one.untilSeconds]) {
        if (edge <= atSeconds) from = Math.max(from, edge);
        else until = Math.min(until, edge);
      }
      if (atSeconds >= one.fromSeconds && atSeconds < one.untilSeconds)
        days = dayOff - indexOf(weekdayOf(atSeconds + ordinary.offsetSeconds));
    }
    return { from, until, offsetSeconds: ordinary.offsetSeconds + days * DAY_SECONDS };
  }

  return {
    clock: (service) => ({ spanAt: (atSeconds) => spanAt(atSeconds, service) }),
    muting: (atSeconds, service) => at(atSeconds, 'maintenance', service),
    holiday: (atSeconds, service) => at(atSeconds, 'holiday', service),
    between: (fromSeconds, untilSeconds) => happeningsOf(events, { fromSeconds, untilSeconds }),
    replace(renewed) {
      events = renewed;
      pages.clear();
    },
  };
}

function happeningsOf(events: readonly CalendarEvent[], stretch: Occurrence): readonly Happening[] {
  return events
    .flatMap((event) =>
      event.occurrences(stretch).map((occurrence) => ({
        ...occurrence,
        kind: event.kind,
        name: event.name,
        services: event.services,
      })),
    )
    .sort((a, b) => a.fromSeconds - b.fromSeconds || a.untilSeconds - b.untilSeconds);
}

function concerns({ services }: Happening, service: string | undefined): boolean {
  return services.length === 0 || (service !== undefined && services.includes(service));
}

const indexOf = (weekday: string): number => WEEKDAYS.indexOf(weekday.toLowerCase() as Weekday);
