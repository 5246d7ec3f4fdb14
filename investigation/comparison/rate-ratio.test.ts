import { expect, it } from 'vitest';
import { rateRatioTest } from './rate-ratio.ts';

it.each([
  // By exact arithmetic on fractions: the sum of C(n, k) p^k (1 - p)^(n - k) from k = events on.
  [10, 1, 2, 1, 79 / 4096],
  [3, 1, 0, 1, 1 / 8],
  [0, 5, 7, 5, 1],
  [2, 1, 1, 3, 10 / 64],
])(
  '%i events in %d against %i in %d have the probability %d',
  (events, size, others, otherSize, expected) => {
    expect(rateRatioTest(events, size, others, otherSize)).toBeCloseTo(expected, 9);
  },
);
