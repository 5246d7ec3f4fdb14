import { seededRandom } from '@aiops-sre/service-kit/random/seeded-random.ts';
import { describe, expect, it } from 'vitest';
import { failureDeviation, levelDeviation, strengthOf } from './deviation.ts';

/** Counts of a binomial, the same on every run. */
function steps(count: number, requests: number, ratio: number, random = seededRandom(7)) {
  return Array.from({ length: count }, () => ({
    requests,
    failures: Array.from({ length: requests }, random).filter((each) => each < ratio).length,
  }));
}

describe('failures against the time before', () => {
  it('count what came on top of what so many requests let expect', () => {
    const deviation = failureDeviation(steps(100, 100, 0), [{ requests: 200, failures: 20 }]);
    expect(deviation).toMatchObject({ before: 0, after: 0.1 });
    expect(deviation!.excess).toBeCloseTo(20, 1);
    expect(deviation!.distance).toBeGreaterThan(10);
  });

  it('are no surprise where half of a few requests always failed', () => {
    const usual = steps(200, 10, 0.5);
    const bad = failureDeviation(usual, [{ requests: 10, failures: 7 }]);
    expect(bad!.distance).toBeLessThan(2);
  });

  it('are less of a surprise the more the time before scattered', () => {
    const even = Array.from({ length: 50 }, () => ({ requests: 100, failures: 10 }));
    const uneven = even.map((_, index) => ({ requests: 100, failures: index % 5 === 0 ? 50 : 0 }));
    const now = [{ requests: 100, failures: 40 }];
    // The binomial alone gives 30 failures too many on a deviation of 3; steps more even than that do not sharpen it.
    expect(failureDeviation(even, now)!.distance).toBeCloseTo(30 / Math.sqrt(9 + 1), 0);
    expect(failureDeviation(uneven, now)!.distance).toBeLessThan(failureDeviation(even, now)!.distance / 3);
  });

  it('say little by a single one, and nothing without requests or a time before', () => {
    const never = steps(500, 1000, 0);
    expect(failureDeviation(never, [{ requests: 1000, failures: 1 }])!.distance).toBeLessThan(1);
    expect(failureDeviation(never, [{ requests: 0, failures: 0 }])).toBeUndefined();
    expect(failureDeviation(steps(2, 100, 0), [{ requests: 100, failures: 50 }])).toBeUndefined();
  });
});

describe('a level against the time before', () => {
  const floor = { relative: 0.1, absolute: 0.002 };
  const level = (values: number[], requests?: number) => values.map((value) => ({ value, requests }));
  const noisy = (middle: number, spread: number) => {
    const random = seededRandom(3);
    return level(Array.from({ length: 200 }, () => middle + spread * (2 * random() - 1)));
  };

  it('is measured by the spread of its own noise', () => {
    const wide = levelDeviation(noisy(1, 0.8), level([2]), floor)!.distance;
    const narrow = levelDeviation(noisy(1, 0.2), level([2]), floor)!.distance;
    expect(narrow).toBeGreaterThan(2 * wide);
  });

  it('never has less noise than the floor: a series without spread is not endlessly surprising', () => {
    expect(levelDeviation(level(Array(20).fill(1)), level([1.1]), floor)!.distance).toBeCloseTo(1);
    expect(levelDeviation(level(Array(20).fill(0)), level([0.004]), floor)!.distance).toBeCloseTo(2);
  });

  it('counts the waiting of all requests, so that callers and callees can be set against each other', () => {
    const before = level(Array(20).fill(0.1), 50);
    const after = [...level([1.1], 30), ...level([0.1], 10)];
    expect(levelDeviation(before, after, floor)!.excess).toBeCloseTo(30);
  });

  it('that falls is no trouble', () => {
    expect(levelDeviation(level(Array(20).fill(1)), level([0.2]), floor)).toMatchObject({
      excess: 0,
      distance: 0,
    });
  });
});

it('what was not measured has no strength, and five times the noise has half of it', () => {
  expect(strengthOf(undefined)).toBe(0);
  expect(strengthOf({ before: 0, after: 1, excess: 1, distance: 5 })).toBe(0.5);
});
