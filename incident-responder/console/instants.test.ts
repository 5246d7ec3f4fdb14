import { describe, expect, it } from 'vitest';
import { duration } from './instants.ts';

describe('duration', () => {
  it.each([
    [0, '0 s'],
    [850, '850 ms'],
    [59_400, '59 s'],
    [59_600, '1 min'],
    [250_000, '4 min 10 s'],
    [7_500_000, '2 h 5 min'],
    [273_600_000, '3 d 4 h'],
    [-5000, '-5 s'],
  ])('of %i ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
