import { expect, it } from 'vitest';
import { fisherExact } from './fisher-exact.ts';

it.each([
  // Fisher's tea: "The Design of Experiments" (1935), chapter 2.
  { hits: 3, size: 4, otherHits: 1, otherSize: 4, expected: 17 / 70 },
  { hits: 4, size: 4, otherHits: 0, otherSize: 4, expected: 1 / 70 },
  // All that is marked is in the first group: choose(90, 10) / choose(100, 10).
  { hits: 0, size: 10, otherHits: 10, otherSize: 90, expected: 1 },
  { hits: 10, size: 10, otherHits: 0, otherSize: 90, expected: 1 / 17_310_309_456_440 },
])('is $expected for $hits of $size against $otherHits of $otherSize', ({ expected, ...counts }) => {
  const p = fisherExact(counts.hits, counts.size, counts.otherHits, counts.otherSize);
  expect(p / expected).toBeCloseTo(1, 6);
});

it('agrees with counting every outcome, for small groups', () => {
  const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
  for (let hits = 0; hits <= 6; hits += 1)
    for (let otherHits = 0; otherHits <= 8; otherHits += 1) {
      const marked = hits + otherHits;
      let expected = 0;
      for (let k = hits; k <= Math.min(6, marked); k += 1)
        if (marked - k <= 8) expected += (choose(6, k) * choose(8, marked - k)) / choose(14, marked);
      expect(fisherExact(hits, 6, otherHits, 8)).toBeCloseTo(expected, 8);
    }
});

it('stays a probability for a day of requests', () => {
  const p = fisherExact(5_000, 10_000, 200_000, 400_000);
  expect(p).toBeGreaterThan(0.4);
  expect(p).toBeLessThan(0.6);
});
