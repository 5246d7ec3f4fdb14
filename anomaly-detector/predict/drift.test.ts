import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDriftEstimator } from './drift.ts';

/** A ripple that looks like noise and is the same in every run. */
const ripple = (i: number) => Math.sin(i * 12.9898) * 0.5;

describe('the drift of a series', () => {
  it('is the slope of the line under its values, in units a second', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 10, noNaN: true }), (slope) => {
        const drift = createDriftEstimator();
        for (let i = 0; i < 100; i += 1)
          drift.add(i * 60, 5 + slope * i * 60 + slope * ripple(i), i === 0 ? undefined : 0);
        expect(drift.estimate()!.slope).toBeCloseTo(slope, 2);
      }),
    );
  });

  it('is none when only the season moves the value', () => {
    const drift = createDriftEstimator();
    const season = (i: number) => 100 * Math.sin(i / 10);
    for (let i = 0; i < 100; i += 1)
      drift.add(i * 60, season(i) + ripple(i), i === 0 ? undefined : season(i) - season(i - 1));
    expect(drift.estimate()!.slope).toBe(0);
  });

  it.each([30, 50, 70])('is none after a step, be it at the start, the middle or the end: point %d', (at) => {
    const drift = createDriftEstimator();
    for (let i = 0; i < 100; i += 1)
      drift.add(i * 60, (i < at ? 10 : 40) + ripple(i), i === 0 ? undefined : 0);
    expect(drift.estimate()!.slope).toBe(0);
  });

  it('is none when the values only scatter', () => {
    const drift = createDriftEstimator();
    for (let i = 0; i < 100; i += 1) drift.add(i * 60, 50 + ripple(i), i === 0 ? undefined : 0);
    expect(drift.estimate()).toMatchObject({ slope: 0, noise: expect.closeTo(0.35, 1) });
  });

  /** Two hours of calm, then what `late` adds to the sample so many samples later. */
  const afterCalm = (samples: number, stepSeconds: number, late: (i: number) => number) => {
    const drift = createDriftEstimator();
    for (let i = -120; i < samples; i += 1)
      drift.add(i * stepSeconds, 100 + ripple(i) + (i < 0 ? 0 : late(i)), i === -120 ? undefined : 0);
    return drift.estimate()!;
  };

  it('is seen a quarter of an hour after it began, however long it was calm before; and is not taken far', () => {
    const drift = afterCalm(14, 60, (i) => 8 * i);
    expect(drift.slope * 60).toBeCloseTo(8, 0);
    expect(drift.reachSeconds).toBe(3 * 11 * 60);
  });

  it.each([
    ['a step, as a rate over five minutes shows it', 20, 15, (i: number) => Math.min(i, 20) * 8],
    ['one sample that is off', 14, 60, (i: number) => (i === 8 ? 200 : 0)],
    ['nothing but scatter', 14, 60, () => 0],
  ])('is none lately of %s', (_, samples, stepSeconds, late) => {
    expect(afterCalm(samples, stepSeconds, late).slope).toBe(0);
  });

  it('is unknown from few samples and after a gap', () => {
    const drift = createDriftEstimator();
    for (let i = 0; i < 19; i += 1) drift.add(i * 60, i, 0);
    expect(drift.estimate()).toBeUndefined();
    drift.add(20 * 60, 20, 0);
    expect(drift.estimate()).toBeDefined();
    drift.add(90 * 60, 90, undefined);
    expect(drift.estimate()).toBeUndefined();
  });
});
