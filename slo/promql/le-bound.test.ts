import { expect, it } from 'vitest';
import { bucketMatcher } from './le-bound.ts';

it.each([
  [0.5, 'le="0.5"'],
  [0.0001, 'le="0.0001"'],
  [1, String.raw`le=~"1|1\\.0"`],
  [250, String.raw`le=~"250|250\\.0"`],
  [0.00005, String.raw`le=~"0\\.00005|5e-05"`],
  [1_800_000, String.raw`le=~"1800000|1\\.8e\\+06|1800000\\.0"`],
  [1_000_000, String.raw`le=~"1000000|1e\\+06|1000000\\.0"`],
])('a bound of %d is looked for in every way that it is written: %s', (bound, matcher) => {
  expect(bucketMatcher(bound)).toBe(matcher);
});
