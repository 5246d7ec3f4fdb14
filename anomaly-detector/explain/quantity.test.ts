import { describe, expect, it } from 'vitest';
import { countInWords, moment, plural, quantity } from './quantity.ts';

describe('numbers in an explanation', () => {
  it.each([
    [3.9184853716843904, 'requests/s', '3.92 requests/s'],
    [0, 's', '0 s'],
    [123_456, '', '123456'],
    [-0.5, '', '-0.5'],
    [0.084, 'ratio', '8.4 %'],
    [1.5e9, 'B', '1.5 GB'],
    [0.25, 'B', '0.25 B'],
    [0, 'B', '0 B'],
    [0.0123, 's', '0.0123 s'],
    [0.0000538, 's', '53.8 us'],
    [5e-9, 's', '5 ns'],
    [0.005, 'errors/s', '0.3 errors/min'],
    [0.0000538, 'errors/s', '0.194 errors/h'],
    [0.000001, 'errors/s', '0.0864 errors/day'],
    [0.0000538, 'points', '0.0000538 points'],
    [5.38e-9, '', '5.38 x 10^-9'],
    [2.5e6, 'rows', '2.5 million rows'],
    [1e18, '', '1 x 10^18'],
  ])('%d is written %s', (value, unit, text) => {
    expect(quantity(value, unit)).toBe(text);
  });

  it('counts are words up to ten, of one or of many', () => {
    expect([1, 3, 12].map((count) => `${countInWords(count)} ${plural(count, 'Monday')}`)).toEqual([
      'one Monday',
      'three Mondays',
      '12 Mondays',
    ]);
    expect(plural(1, 'errors')).toBe('error');
  });

  it('moments are told in the wall-clock time of the zone', () => {
    expect(moment(1_795_233_600, 'Europe/Berlin')).toBe('2026-11-21 05:00');
  });
});
