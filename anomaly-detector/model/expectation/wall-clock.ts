const DAY_SECONDS = 86_400;

/** A stretch of time, [from, until) in Unix seconds, in which a zone's offset from UTC does not change. */
export interface OffsetSpan {
  readonly from: number;
  readonly until: number;
  readonly offsetSeconds: number;
}

/** Finds the offset of one IANA time zone from UTC. */
export interface WallClock {
  spanAt(timestampSeconds: number): OffsetSpan;
}

/** 1 January 1970 was a Thursday. */
const WEEKDAYS = ['Thursday', 'Friday', 'Saturday', 'Sunday', 'Monday', 'Tuesday', 'Wednesday'];

/** @param localSeconds wall-clock time as if it were UTC */
export function weekdayOf(localSeconds: number): string {
  const days = Math.floor(localSeconds / DAY_SECONDS);
  return WEEKDAYS[((days % 7) + 7) % 7]!;
}

const clocks = new Map<string, WallClock>();

/**
 * The clock of a zone; asking again gives the same one, so that all series of a zone share its cache.
 * @throws {RangeError} for a zone that the runtime does not know
 */
export function wallClock(timeZone: string): WallClock {
  let clock = clocks.get(timeZone);
  if (!clock) {
    clock = createWallClock(timeZone);
    clocks.set(timeZone, clock);
  }
  return clock;
}

function createWallClock(timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const spans = new Map<number, readonly OffsetSpan[]>();

  function offsetAt(timestampSeconds: number): number {
    // "GMT", "GMT+02:00" or, for the local mean time of long ago, "GMT-00:01:15"
    const name = format.formatToParts(timestampSeconds * 1000).find((part) => part.type === 'timeZoneName');
    const match = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name?.value ?? '');
    if (!match) return 0;
    const [, sign, hours, minutes, seconds = 0] = match;
    return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
  }

  function spansOfDay(from: number): readonly OffsetSpan[] {
    const until = from + DAY_SECONDS;
    const first = offsetAt(from);
    const last = offsetAt(until - 1);
    if (first === last) return [{ from, until, offsetSeconds: first }];
    let before = from;
    let after = until - 1;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (offsetAt(middle) === first) before = middle;
      else after = middle;
    }
    return [
      { from, until: after, offsetSeconds: first },
      { from: after, until, offsetSeconds: last },
    ];
  }

  return {
    spanAt(timestampSeconds) {
      const from = Math.floor(timestampSeconds / DAY_SECONDS) * DAY_SECONDS;
      let day = spans.get(from);
      if (!day) {
        // Years of history may pass through; the working set is a few weeks.
        if (spans.size >= 1000) spans.clear();
        day = spansOfDay(from);
        spans.set(from, day);
      }
      return day.find((span) => timestampSeconds < span.until) ?? day[day.length - 1]!;
    },
  };
}
