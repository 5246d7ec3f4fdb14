import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSeriesModel, restoreSeriesModel } from './seasonal-model.ts';
import { ALARM_THRESHOLD, type SeriesModelOptions } from './series-model.ts';
import { ModelStateError } from './state/state-encoding.ts';

const HOUR = 3600;
const START = Date.UTC(2026, 0, 5) / 1000;
const options: SeriesModelOptions = { stepSeconds: HOUR, timeZone: 'Europe/Berlin' };
const daily = (timestampSeconds: number) => 100 + 40 * Math.sin((2 * Math.PI * timestampSeconds) / 86_400);

const samples = fc.array(
  fc.record({
    skip: fc.integer({ min: 1, max: 5 }),
    value: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  }),
  { minLength: 2, maxLength: 400 },
);

describe('a series model', () => {
  test('goes on bit for bit the same after it was stored and restored', () => {
    fc.assert(
      fc.property(samples, fc.double({ min: 0, max: 1, noNaN: true }), (points, part) => {
        const uninterrupted = createSeriesModel(options);
        let interrupted = createSeriesModel(options);
        const cut = Math.floor(points.length * part);
        let at = START;
        for (const [index, { skip, value }] of points.entries()) {
          at += skip * HOUR;
          if (index === cut) interrupted = restoreSeriesModel(options, interrupted.serialize());
          expect(interrupted.update(at, value)).toEqual(uninterrupted.update(at, value));
        }
        expect(interrupted.serialize()).toEqual(uninterrupted.serialize());
      }),
      { numRuns: 30 },
    );
  });

  test('rejects by name what is no sample, and stays as it was', () => {
    const model = createSeriesModel(options);
    model.update(START, 1);
    const before = model.serialize();
    expect(model.update(START + HOUR, Number.NaN)).toEqual({ kind: 'rejected', reason: 'not-a-number' });
    expect(model.update(START + HOUR, Number.NEGATIVE_INFINITY)).toEqual({
      kind: 'rejected',
      reason: 'infinite',
    });
    expect(model.update(START, 1)).toEqual({ kind: 'rejected', reason: 'duplicate' });
    expect(model.update(START - HOUR, 1)).toEqual({ kind: 'rejected', reason: 'out-of-order' });
    expect(model.gap(START + HOUR)).toEqual({ kind: 'no-data' });
    expect(model.serialize()).toEqual(before);
  });

  test('says that it is warming up until it has seen enough', () => {
    const model = createSeriesModel(options);
    const first = model.update(START, 1);
    expect(first).toMatchObject({ kind: 'warming-up', pointsSeen: 1 });
    expect(model.forecast(START + HOUR)).toBeUndefined();
  });

  test('expects the daily season it was shown, and alarms when it is broken', () => {
    const model = createSeriesModel(options);
    let at = START;
    for (; at < START + 28 * 86_400; at += HOUR) model.update(at, daily(at));
    expect(model.forecast(at + 5 * HOUR)?.expected).toBeCloseTo(daily(at + 5 * HOUR), 0);
    const observation = model.update(at, daily(at) + 30);
    expect(observation).toMatchObject({ kind: 'scored', direction: 'above' });
    expect(observation.kind === 'scored' && observation.score).toBeGreaterThanOrEqual(ALARM_THRESHOLD);
  });
});

describe('a stored state', () => {
  const stored = createSeriesModel(options).serialize();

  test('is refused when a bit of it is wrong', () => {
    const damaged = stored.slice();
    damaged[100]! ^= 1;
    expect(() => restoreSeriesModel(options, damaged)).toThrow(ModelStateError);
    expect(() => restoreSeriesModel(options, damaged)).toThrow(/another checksum/);
  });

  test('is refused when it is cut off, empty or of another kind', () => {
    expect(() => restoreSeriesModel(options, stored.subarray(0, 200))).toThrow(/bytes present: got/);
    expect(() => restoreSeriesModel(options, new Uint8Array())).toThrow(/cut off: got 0 bytes/);
    expect(() => restoreSeriesModel(options, new Uint8Array(stored.length))).toThrow(/magic number/);
  });

  test('is refused when it is of another version', () => {
    const other = stored.slice();
    other[4]! += 1;
    expect(() => restoreSeriesModel(options, other)).toThrow(/another version: got \d+, expected \d+/);
  });

  test('is refused by a model with another step', () => {
    expect(() => restoreSeriesModel({ ...options, stepSeconds: 60 }, stored)).toThrow(
      /step in seconds: got 3600, expected 60/,
    );
  });
});
