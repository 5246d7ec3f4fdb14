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
