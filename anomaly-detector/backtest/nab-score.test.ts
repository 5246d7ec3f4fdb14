import { describe, expect, test } from 'vitest';
import reference from './nab-score.reference.json' with { type: 'json' };
import { type LabelledWindow, normaliseNab, probationaryRows, scoreNab, windowMetrics } from './nab-score.ts';

/**
 * The reference numbers are another implementation's (Python, numpy), which reproduces the published scores of the
 * detectors that NAB ships to three decimals.
 */
describe.each(reference)('$rows rows with $windows.length windows at $threshold', (given) => {
  const timestamps = Array.from(
    { length: given.rows },
    (_, row) => row * 300 + (row > Math.floor(given.rows / 2) ? 3600 : 0),
  );
  const scores = timestamps.map(
    (_, row) => ((row * given.factor * 7919 + ((row * row) % 97) * 31) % 1000) / 1000,
  );
  const windows = given.windows.map(
    ([first, last]): LabelledWindow => [timestamps[first!]!, timestamps[last!]!],
  );
  const result = scoreNab(timestamps, scores, windows, given.threshold);

  test('score as the reference says', () => {
    expect(result.raw.standard).toBeCloseTo(given.raw.standard, 9);
    expect(result.raw.rewardLowFalsePositiveRate).toBeCloseTo(given.raw.rewardLowFalsePositiveRate, 9);
    expect(result.raw.rewardLowFalseNegativeRate).toBeCloseTo(given.raw.rewardLowFalseNegativeRate, 9);
    if (given.normalised !== null)
      expect(normaliseNab([result], 'standard')).toBeCloseTo(given.normalised, 9);
  });

  test('hits and false alarms are counted as the reference does', () => {
    expect(result.windowsHit).toBe(given.hits);
    expect(result.falseAlarms).toBe(given.falseAlarms);
  });
});

test('silence is worth 0, everything found at once nearly 100', () => {
  const timestamps = Array.from({ length: 1000 }, (_, row) => row * 60);
  const windows: LabelledWindow[] = [[timestamps[500]!, timestamps[599]!]];
  const silence = scoreNab(timestamps, new Float64Array(1000), windows, 0.5);
  expect(normaliseNab([silence], 'standard')).toBe(0);
  const atOnce = new Float64Array(1000);
  atOnce[500] = 1;
  const found = scoreNab(timestamps, atOnce, windows, 0.5);
  expect(normaliseNab([found], 'standard')).toBeGreaterThan(99);
  expect(windowMetrics([found])).toMatchObject({ precision: 1, recall: 1, f1: 1, falseAlarmsPerWeek: 0 });
});

test('rows at the start are not judged: 15 of 100, 750 at most', () => {
  expect(probationaryRows(1000)).toBe(150);
  expect(probationaryRows(20_000)).toBe(750);
});

test('a window that begins at no row is refused', () => {
  expect(() => scoreNab([0, 60, 120], [0, 0, 0], [[30, 60]], 0.5)).toThrow('window 1: no row at 30');
});
