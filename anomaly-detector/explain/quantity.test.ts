import { describe, expect, it } from 'vitest';
import { comparison, moment, quantity } from './quantity.ts';

describe('numbers in an explanation', () => {
  it.each([
    [3.9184853716843904, 'requests/s', '3.92 requests/s'],
    [0, 's', '0 s'],
    [123_456, '', '123456'],
    [1.5e9, 'B', '1.50e+9 B'],
    [0.00001234, 's', '1.23e-5 s'],
    [-0.5, '', '-0.5'],
  ])('%d is written %s', (value, unit, text) => {
    expect(quantity(value, unit)).toBe(text);
  });

  it.each([
    [1, 3, '67 % lower than'],
    [1.3, 1, '30 % higher than'],
    [6.4, 2, '3.2 times as high as'],
    [0.2, 0, '0.2 s higher than'],
    [-3, -2, '1 s lower than'],
  ])('%d against %d is told as %s', (value, expected, words) => {
    expect(comparison(value, expected, 's')).toBe(words);
  });

  it('moments are told in the wall-clock time of the zone', () => {
    expect(moment(1_795_233_600, 'Europe/Berlin')).toBe('2026-11-21 05:00');
  });
});
