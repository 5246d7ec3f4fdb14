import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { relativeRate } from './shape.ts';

const MONDAY_MS = Date.UTC(2026, 0, 5);
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const WEEK_MINUTES = 7 * 24 * 60;
const week = Array.from({ length: WEEK_MINUTES }, (_, minute) =>
  relativeRate(MONDAY_MS + minute * MINUTE_MS),
);

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const at = (day: number, hour: number) => relativeRate(MONDAY_MS + (day * 24 + hour) * HOUR_MS);

describe('relativeRate', () => {
  it('has a mean of 1 over any week', () => {
    expect(mean(week)).toBeCloseTo(1, 6);
    const other = Array.from({ length: WEEK_MINUTES }, (_, minute) =>
      relativeRate(1e12 + minute * MINUTE_MS),
    );
    expect(mean(other)).toBeCloseTo(1, 6);
  });

  it('is about 0.4 in the night and 1.6 in the evening of a weekday', () => {
    const tuesday = week.slice(24 * 60, 48 * 60);
    expect(Math.min(...tuesday)).toBeCloseTo(0.43, 1);
    expect(Math.max(...tuesday)).toBeCloseTo(1.6, 1);
    expect(tuesday.indexOf(Math.min(...tuesday)) / 60).toBeLessThan(5);
    expect(tuesday.indexOf(Math.max(...tuesday)) / 60).toBeGreaterThan(18);
  });

  it('is lower on weekends at the same hour', () => {
    for (const hour of [6, 12, 20]) {
      expect(at(5, hour)).toBeLessThan(at(2, hour));
      expect(at(6, hour)).toBeLessThan(at(2, hour));
    }
  });

  it('is smooth: no minute differs from the next by more than 1 %', () => {
    week.forEach((value, minute) => {
      const next = week[(minute + 1) % WEEK_MINUTES]!;
      expect(Math.abs(next - value) / value).toBeLessThan(0.01);
    });
  });

  it('repeats every week', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2e12 }), (timestampMs) => {
        const later = relativeRate(timestampMs + WEEK_MINUTES * MINUTE_MS);
        expect(later).toBeCloseTo(relativeRate(timestampMs), 9);
      }),
    );
  });

  it('follows the local clock of its time zone, through a change of clocks too', () => {
    expect(relativeRate(Date.UTC(2026, 0, 7, 19), 'Europe/Berlin')).toBeCloseTo(at(2, 20), 9);
    expect(relativeRate(Date.UTC(2026, 6, 8, 18), 'Europe/Berlin')).toBeCloseTo(at(2, 20), 9);
    expect(relativeRate(Date.UTC(2026, 0, 7, 14, 30), 'Asia/Kolkata')).toBeCloseTo(at(2, 20), 9);
  });
});
