import { describe, expect, it } from 'vitest';
import { calendarMonth, dayStarts, monthBefore } from './calendar-month.ts';

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

describe('a calendar month', () => {
  it.each([
    ['2026-10', 'UTC', '2026-10-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z'],
    // Clocks go back on 25 October: summer time at its beginning, winter time at its end.
    ['2026-10', 'Europe/Berlin', '2026-09-30T22:00:00.000Z', '2026-10-31T23:00:00.000Z'],
    ['2026-03', 'America/New_York', '2026-03-01T05:00:00.000Z', '2026-04-01T04:00:00.000Z'],
    ['2026-12', 'Pacific/Auckland', '2026-11-30T11:00:00.000Z', '2026-12-31T11:00:00.000Z'],
  ])('%s in %s lasts from %s to %s', (name, zone, from, until) => {
    const month = calendarMonth(name, zone);
    expect([iso(month.fromSeconds), iso(month.untilSeconds)]).toEqual([from, until]);
  });

  it('has the one before, over the turn of a year too', () => {
    expect(monthBefore(calendarMonth('2026-01', 'UTC'), 'UTC').name).toBe('2025-12');
  });

  it('has a day of 25 hours where clocks go back', () => {
    const days = dayStarts(calendarMonth('2026-10', 'Europe/Berlin'), 'Europe/Berlin');
    expect(days.length).toBe(32);
    const hours = days.slice(1).map((day, index) => (day - days[index]!) / 3600);
    expect(hours[24]).toBe(25);
    expect(new Set(hours)).toEqual(new Set([24, 25]));
  });

  it.each(['2026-13', '2026-1', 'October'])('refuses %s', (name) => {
    expect(() => calendarMonth(name, 'UTC')).toThrow('expected a month such as 2026-10');
  });

  it('refuses a zone that nobody knows', () => {
    expect(() => calendarMonth('2026-10', 'Mars/Olympus')).toThrow(RangeError);
  });
});
