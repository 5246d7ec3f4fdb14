import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readYamlFile } from '@aiops-sre/service-kit/yaml/read-yaml.ts';
import { describe, expect, it } from 'vitest';
import { calendarOf } from './calendar.ts';
import { type Roster, rosterSchema } from './roster.ts';
import { checkRoster } from './roster-check.ts';

const EXAMPLE = join(
  import.meta.dirname,
  '..',
  '..',
  'stack',
  'home',
  'template',
  'on-call',
  'oncall.yaml.example',
);
const example = readYamlFile(EXAMPLE, rosterSchema);
const span = { fromMs: Date.parse('2026-06-01T07:00Z'), untilMs: Date.parse('2026-06-22T07:00Z') };

describe('a check of a roster', () => {
  it('finds nothing in the shipped example, and shares its load', () => {
    const pages = [{ person: 'ben' }, { person: 'ben' }, { person: 'chi' }];
    const { gaps, overlaps, load } = checkRoster(example, { ...span, pages, pagesDays: 14 });
    expect([gaps, overlaps]).toEqual([[], []]);
    // Three weeks: each is primary once and secondary once. Hand-overs are in the middle of a night in New York.
    expect(load).toEqual([
      { person: 'ada', hours: 336, nights: 14, pagesPerWeek: 0 },
      { person: 'ben', hours: 336, nights: 14, pagesPerWeek: 1 },
      { person: 'chi', hours: 336, nights: 15, pagesPerWeek: 0.5 },
    ]);
  });

  it('finds hours nobody covers, and none that anybody of the first step does', () => {
    const hours = { from: '09:00', until: '17:00', days: ['mon', 'tue', 'wed', 'thu', 'fri'] as const };
    const office = (notify: string[]): Roster => ({
      ...example,
      rotations: {
        ...example.rotations,
        office: { ...example.rotations.primary!, hours: { ...hours, days: [...hours.days] } },
      },
      escalation: { SEV2: [{ after: 0, notify }] },
    });
    const { gaps } = checkRoster(office(['office']), span);
    expect(gaps[0]).toEqual({
      fromMs: Date.parse('2026-06-01T15:00Z'),
      untilMs: Date.parse('2026-06-02T07:00Z'),
      severity: 'SEV2',
    });
    // From Friday's evening to Monday's morning.
    expect(gaps.map(({ fromMs, untilMs }) => (untilMs - fromMs) / 3_600_000)).toContain(64);
    expect(checkRoster(office(['office', 'primary']), span).gaps).toEqual([]);
  });

  it('finds who would escalate to themselves', () => {
    const holidays = [{ from: '2026-06-08', until: '2026-06-14' }];
    const people = { ...example.people, ada: { ...example.people.ada!, holidays } };
    const away = Object.entries(people).find(([id]) => id === 'ada')!;
    expect(away[1].holidays).toEqual(holidays);
    const { overlaps } = checkRoster(
      { ...example, people },
      { ...span, fromMs: Date.parse('2026-06-01T00:00Z') },
    );
    expect(overlaps.map(({ person, rotations }) => [person, rotations])).toEqual([
      ['ben', ['primary', 'secondary']],
    ]);
  });
});

describe('a roster file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'roster-'));
  const read = (more: object) => {
    const file = join(folder, 'oncall.yaml');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(JSON.stringify(example, undone)), ...more }));
    return () => readYamlFile(file, rosterSchema);
  };
  /** Durations are read to milliseconds. */
  const undone = (key: string, value: unknown) => (key === 'after' ? `${Number(value) / 1000}s` : value);
  const rotation = { zone: 'UTC', starts: '2026-01-05T09:00', every: 'day', people: ['ada'] };

  it.each([
    [
      'an unknown zone',
      { rotations: { primary: { ...rotation, zone: 'Europe/Berln' } } },
      /zone.*Europe\/Berln.*a time zone such as/,
    ],
    [
      'a day that is none',
      {
        overrides: [
          { rotation: 'primary', person: 'ada', from: '2026-02-30T09:00', until: '2026-03-01T09:00' },
        ],
      },
      /overrides\[0\]\.from/,
    ],
    [
      'an override that ends before it begins',
      {
        overrides: [
          { rotation: 'primary', person: 'ada', from: '2026-03-02T09:00', until: '2026-03-01T09:00' },
        ],
      },
      /until.*a time after 2026-03-02T09:00/,
    ],
    [
      'a person nobody knows',
      { rotations: { primary: { ...rotation, people: ['eve'] } } },
      /people\[0\].*eve.*ada, ben, chi/,
    ],
    [
      'a rotation nobody knows',
      { escalation: { SEV1: [{ after: '0s', notify: ['tertiary'] }] } },
      /notify\[0\].*tertiary/,
    ],
    [
      'steps out of order',
      {
        escalation: {
          SEV1: [
            { after: '5m', notify: ['ada'] },
            { after: '5m', notify: ['ben'] },
          ],
        },
      },
      /later than the step before/,
    ],
    [
      'a secret outside of its folder',
      { people: { ada: { ...example.people.ada, channels: [{ kind: 'slack', file: '../x' }] } } },
      /file.*\.\.\/x/,
    ],
    ['a severity that is none', { escalation: { SEV9: [] } }, /SEV9/],
  ])('with %s is refused, with what is possible', (_case, more, message) => {
    expect(read(more)).toThrow(message);
    rmSync(join(folder, 'oncall.yaml'));
  });
});

describe('a calendar', () => {
  const nowMs = span.fromMs;
  it('has each shift as an event of its own, the same each time it is read', () => {
    const uids = (atMs: number) =>
      [...calendarOf(example, atMs).matchAll(/UID:(.*)\r\n/g)].map(([, uid]) => uid);
    const [today, tomorrow] = [uids(nowMs), uids(nowMs + 86_400_000)];
    expect(new Set(today).size).toBe(today.length);
    expect(today.filter((uid) => tomorrow.includes(uid)).length).toBeGreaterThan(today.length - 4);
    expect(calendarOf(example, nowMs)).toContain(
      'DTSTART:20260601T070000Z\r\nDTEND:20260608T070000Z\r\nSUMMARY:Ada on call (primary)\r\n',
    );
  });

  it('keeps lines to 75 bytes and commas to themselves', () => {
    const people = {
      ...example.people,
      ada: { ...example.people.ada!, name: 'Ädä, the first; of all who are on call' },
    };
    const text = calendarOf({ ...example, people }, nowMs);
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    expect(text.replaceAll('\r\n ', '')).toContain(
      'SUMMARY:Ädä\\, the first\\; of all who are on call on call (primary)',
    );
  });
});
