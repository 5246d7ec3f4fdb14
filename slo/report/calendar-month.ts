/** A month of the calendar in a zone. */
export interface CalendarMonth {
  /** `2026-10` */
  readonly name: string;
  /** Unix seconds of its first midnight and of the next month's. */
  readonly fromSeconds: number;
  readonly untilSeconds: number;
}

/** @throws RangeError unless `name` is like `2026-10` and `timeZone` an IANA zone */
export function calendarMonth(name: string, timeZone: string): CalendarMonth {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(name);
  if (!match) throw new RangeError(`expected a month such as 2026-10, got ${JSON.stringify(name)}`);
  const [year, month] = [Number(match[1]), Number(match[2])];
  return {
    name,
    fromSeconds: midnightSeconds(Date.UTC(year, month - 1, 1), timeZone),
    untilSeconds: midnightSeconds(Date.UTC(year, month, 1), timeZone),
  };
}

export function monthBefore({ name }: CalendarMonth, timeZone: string): CalendarMonth {
  const [year, month] = name.split('-').map(Number) as [number, number];
  const before = new Date(Date.UTC(year, month - 2, 1));
  return calendarMonth(before.toISOString().slice(0, 7), timeZone);
}

/** Midnights of a month's days and of the day after it: days of 23 and 25 hours included. */
export function dayStarts({ fromSeconds, untilSeconds }: CalendarMonth, timeZone: string): number[] {
  const days: number[] = [];
  // Noon is on the day whatever its length.
  for (let noon = fromSeconds + 43_200; noon < untilSeconds + 43_200; noon += 86_400)
    days.push(midnightSeconds(asUtc(noon * 1000, timeZone), timeZone));
  if (days.at(-1) !== untilSeconds) days.push(untilSeconds);
  return [...new Set(days)];
}

/** The instant, in Unix seconds, at which clocks in the zone show midnight of the day of `utcMs` read as UTC. */
function midnightSeconds(utcMs: number, timeZone: string): number {
  const wanted = Math.floor(utcMs / 86_400_000) * 86_400_000;
  // The offset differs before and after a change of clocks: the second guess is made with the offset of the first.
  const first = wanted - (asUtc(wanted, timeZone) - wanted);
  return (wanted - (asUtc(first, timeZone) - first)) / 1000;
}

/** What clocks in the zone show, as if it were UTC. */
function asUtc(instantMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instantMs);
  const part = (type: string) => Number(parts.find((each) => each.type === type)!.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}
