import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { type Roster, type Rotation, rosterSchema } from './roster.ts';
import { handOver, notified, shiftAt, shifts } from './schedule.ts';

const person = (name: string, zone = 'Europe/Berlin', holidays: unknown[] = []) => ({
  name,
  zone,
  channels: [{ kind: 'webhook', file: 'a' }],
  holidays,
});
const WEEKLY = {
  zone: 'Europe/Berlin',
  starts: '2026-01-05T09:00',
  every: 'week',
  people: ['ada', 'ben', 'chi'],
};

function roster(more: Record<string, unknown> = {}): Roster {
  return rosterSchema.parse({
    version: 1,
    people: { ada: person('Ada'), ben: person('Ben'), chi: person('Chi', 'America/New_York') },
    rotations: { primary: WEEKLY },
    escalation: {},
    ...more,
  });
}
const at = (text: string, zone = 'Europe/Berlin') => DateTime.fromISO(text, { zone }).toMillis();
const said = (one: Roster, from: string, until: string, name = 'primary') =>
  shifts(one, name, at(from), at(until)).map(({ fromMs, untilMs, person: who, why }) => [
    DateTime.fromMillis(fromMs, { zone: 'Europe/Berlin' }).toFormat('MM-dd HH:mm'),
    DateTime.fromMillis(untilMs, { zone: 'Europe/Berlin' }).toFormat('MM-dd HH:mm'),
    who,
    why,
  ]);

describe('a hand-over', () => {
  it('is at the same time of day all year, exact to the minute, as another library has it', () => {
    const zones = [
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
      'Asia/Kathmandu',
      'Pacific/Apia',
      'America/St_Johns',
      'UTC',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom('day', 'week', '2 weeks'),
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: -10, max: 800 }),
        (zone, every, hour, minute, turn) => {
          const starts = `2025-11-03T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
          const length = { day: 1, week: 7, '2 weeks': 14 }[every]!;
          const ours = handOver({ zone, starts, every, people: ['ada'] } as Rotation, turn);
          const theirs = DateTime.fromISO(starts, { zone }).plus({ days: turn * length });
          // An hour that comes twice: which of both is ours to say, and it is the first.
          const possible = theirs.getPossibleOffsets().map((each) => each.toMillis());
          expect(ours).toBe(Math.min(...possible));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('in the hour that the clocks skip is after it, in the hour that comes twice the first time', () => {
    const nightly = {
      zone: 'Europe/Berlin',
      starts: '2026-03-28T02:30',
      every: 'day',
      people: ['ada', 'ben'],
    } as Rotation;
    expect(new Date(handOver(nightly, 1)).toISOString()).toBe('2026-03-29T01:30:00.000Z');
    const autumn = { ...nightly, starts: '2026-10-24T02:30' };
    expect(new Date(handOver(autumn, 1)).toISOString()).toBe('2026-10-25T00:30:00.000Z');
    expect(handOver(nightly, 2) - handOver(nightly, 1)).toBe(23 * 3_600_000);
    expect(handOver(autumn, 2) - handOver(autumn, 1)).toBe(25 * 3_600_000);
  });
});

describe('shifts', () => {
  it('follow each other in the order of people, across a change of clocks', () => {
    expect(said(roster(), '2026-03-23T09:00', '2026-04-13T09:00')).toEqual([
      ['03-23 09:00', '03-30 09:00', 'chi', 'turn'],
      ['03-30 09:00', '04-06 09:00', 'ada', 'turn'],
      ['04-06 09:00', '04-13 09:00', 'ben', 'turn'],
    ]);
    const [week] = shifts(roster(), 'primary', at('2026-03-23T09:00'), at('2026-03-30T09:00'));
    expect(week!.untilMs - week!.fromMs).toBe((7 * 24 - 1) * 3_600_000);
  });

  it('cover every moment once, whatever there is of overrides and holidays', () => {
    const moment = fc.integer({ min: at('2026-03-20T00:00'), max: at('2026-04-20T00:00') });
    const local = fc
      .tuple(
        fc.constantFrom('2026-03-28', '2026-03-29', '2026-04-01'),
        fc.constantFrom('00:00', '02:30', '09:00'),
      )
      .map(([day, time]) => `${day}T${time}`);
    const override = fc
      .tuple(local, local, fc.constantFrom('ada', 'ben', 'chi'))
      .filter(([from, until]) => from < until)
      .map(([from, until, who]) => ({ rotation: 'primary', person: who, from, until }));
    fc.assert(
      fc.property(fc.array(override, { maxLength: 4 }), moment, moment, (overrides, one, other) => {
        const [from, until] = [Math.min(one, other), Math.max(one, other) + 1];
        const people = {
          ...roster().people,
          ada: person('Ada', 'Asia/Tokyo', [{ from: '2026-03-29', until: '2026-04-02' }]),
        };
        const found = shifts(roster({ overrides, people }), 'primary', from, until);
        expect(found[0]!.fromMs).toBe(from);
        expect(found.at(-1)!.untilMs).toBe(until);
        found.slice(1).forEach((shift, index) => {
          expect(shift.fromMs).toBe(found[index]!.untilMs);
        });
        for (const shift of found) {
          expect(shift.fromMs).toBeLessThan(shift.untilMs);
          expect(shift.person).not.toBeNull();
        }
      }),
      { numRuns: 300 },
    );
  });

  it('of who has a holiday are the next one’s, by the days of where that person lives', () => {
    const people = {
      ...roster().people,
      chi: person('Chi', 'America/New_York', [{ from: '2026-03-24', until: '2026-03-25' }]),
    };
    // Midnight in New York, four hours from UTC by then, is 05:00 in Berlin.
    expect(said(roster({ people }), '2026-03-23T09:00', '2026-03-30T09:00')).toEqual([
      ['03-23 09:00', '03-24 05:00', 'chi', 'turn'],
      ['03-24 05:00', '03-26 05:00', 'ada', 'holiday'],
      ['03-26 05:00', '03-30 09:00', 'chi', 'turn'],
    ]);
  });

  it('are nobody’s where all have a holiday', () => {
    const all = [{ from: '2026-03-24', until: '2026-03-24' }];
    const people = {
      ada: person('Ada', 'UTC', all),
      ben: person('Ben', 'UTC', all),
      chi: person('Chi', 'UTC', all),
    };
    expect(said(roster({ people }), '2026-03-24T01:00', '2026-03-25T01:00')).toEqual([
      ['03-24 01:00', '03-25 01:00', null, 'all-on-holiday'],
    ]);
  });

  it('give way to overrides, the later one in the list first', () => {
    const overrides = [
      { rotation: 'primary', person: 'ada', from: '2026-03-24T09:00', until: '2026-03-26T09:00' },
      { rotation: 'primary', person: 'ben', from: '2026-03-25T09:00', until: '2026-03-25T21:00' },
    ];
    expect(said(roster({ overrides }), '2026-03-24T00:00', '2026-03-27T00:00').slice(1, -1)).toEqual([
      ['03-24 09:00', '03-25 09:00', 'ada', 'override'],
      ['03-25 09:00', '03-25 21:00', 'ben', 'override'],
      ['03-25 21:00', '03-26 09:00', 'ada', 'override'],
    ]);
  });

  it('are in their hours alone, also over midnight, and nobody’s before the first hand-over', () => {
    const hours = { from: '22:00', until: '06:00', days: ['fri'] };
    const rotations = { primary: { ...WEEKLY, hours } };
    expect(said(roster({ rotations }), '2026-03-27T12:00', '2026-03-28T12:00')).toEqual([
      ['03-27 12:00', '03-27 22:00', null, 'outside-hours'],
      ['03-27 22:00', '03-28 06:00', 'chi', 'turn'],
      ['03-28 06:00', '03-28 12:00', null, 'outside-hours'],
    ]);
    expect(shiftAt(roster(), 'primary', at('2026-01-05T08:59')).person).toBeNull();
    expect(shiftAt(roster(), 'primary', at('2026-01-05T09:00')).person).toBe('ada');
  });

  it('follow the sun, hour by hour', () => {
    const part = (zone: string, who: string) => ({
      zone,
      starts: '2026-01-01T00:00',
      every: 'day',
      people: [who],
      hours: { from: '08:00', until: '20:00' },
    });
    const one = roster({
      rotations: { east: part('Europe/Berlin', 'ada'), west: part('America/New_York', 'chi') },
    });
    // In the two weeks in which only America has changed its clocks, the gap at night is an hour longer.
    expect(notified(one, ['east', 'west'], at('2026-03-20T20:30'))).toEqual(['chi']);
    expect(notified(one, ['east', 'west'], at('2026-03-20T14:00'))).toEqual(['ada', 'chi']);
    expect(notified(one, ['east', 'west'], at('2026-03-20T03:00'))).toEqual([]);
    expect(notified(one, ['east', 'ada'], at('2026-03-20T14:00'))).toEqual(['ada']);
  });
});
