import { describe, expect, test } from 'vitest';
import { createRandom } from '../backtest/random.ts';
import { replaySeries } from '../backtest/score-series.ts';
import { createSeriesModel } from './seasonal-model.ts';

const STEP = 300;
const DAY = 288;
const START = Date.UTC(2026, 1, 2) / 1000;

const anomaliesOf = (values: readonly number[]) =>
  replaySeries({
    name: 'made',
    stepSeconds: STEP,
    timestampSeconds: values.map((_, index) => START + index * STEP),
    values,
    windows: [],
  }).anomalies;

const rowOf = (seconds: number) => (seconds - START) / STEP;

describe('one impossible sample', () => {
  test.each([1e3, 1e12, 2 ** 64])(
    'of %d neither teaches nor deafens: incidents of later days are found',
    (size) => {
      const random = createRandom(3);
      const incidents = [4, 7, 14, 21].map((day) => day * DAY + 144);
      const values = Array.from({ length: 22 * DAY }, (_, index) => {
        const usual = 120 - 20 * Math.cos((2 * Math.PI * index) / DAY) + 4 * random.normal();
        return incidents.some((from) => index >= from && index < from + 6) ? 3 * usual : usual;
      });
      values[2 * DAY + 100] = size;
      const starts = anomaliesOf(values).map(({ anomaly }) => rowOf(anomaly.startSeconds));
      for (const from of incidents)
        expect(starts.some((row) => row >= from - 12 && row < from + 6)).toBe(true);
    },
  );
});

test('after a burst in a series at rest, rest is as expected: the alarm does not change sides', () => {
  const values = new Array(20 * DAY).fill(0);
  values.fill(3, 18 * DAY, 18 * DAY + 2);
  expect(anomaliesOf(values).map(({ anomaly }) => anomaly.direction)).toEqual(['above']);
});

test('a count is never expected below zero', () => {
  const random = createRandom(4);
  const model = createSeriesModel({ stepSeconds: STEP, timeZone: 'UTC' });
  for (let index = 0; index < 28 * DAY; index += 1) {
    const isOpen = Math.floor(index / DAY) % 7 < 5 && index % DAY >= 96 && index % DAY < 216;
    const observation = model.update(
      START + index * STEP,
      isOpen ? 120 + Math.round(11 * random.normal()) : 0,
    );
    if (observation.kind === 'scored') {
      expect(observation.expected).toBeGreaterThanOrEqual(0);
      expect(observation.lower).toBeGreaterThanOrEqual(0);
    }
  }
});
