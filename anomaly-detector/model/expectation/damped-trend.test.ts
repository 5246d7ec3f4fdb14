import { describe, expect, test } from 'vitest';
import { createRandom } from '../../backtest/random.ts';
import { PARAMETERS } from '../parameters.ts';
import { createSeriesModel } from '../seasonal-model.ts';
import { ModelState } from '../state/model-state.ts';
import { followTrend, trendAhead } from './damped-trend.ts';

const HOUR = 3600;

describe('the damped trend', () => {
  test('is the sum of ever smaller hourly changes', () => {
    const s = new ModelState(0);
    for (let hour = 0; hour < 300; hour += 1) followTrend(s, 5 * hour, 1, PARAMETERS);
    const { trendDamping: damping } = PARAMETERS;
    let sum = 0;
    for (let hour = 1; hour <= 6; hour += 1) sum += s.trend * damping ** hour;
    expect(trendAhead(s, 6, PARAMETERS)).toBeCloseTo(sum, 9);
    expect(sum).toBeGreaterThan(20);
    expect(sum).toBeLessThan(30);
  });

  test('is none where the level only wanders', () => {
    const s = new ModelState(0);
    const random = createRandom(3);
    for (let hour = 0; hour < 500; hour += 1) {
      followTrend(s, 100 + random.normal(), 1, PARAMETERS);
      expect(trendAhead(s, 24, PARAMETERS)).toBe(0);
    }
  });

  test('begins anew after a gap, and does not take a shift of the level for one', () => {
    const s = new ModelState(0);
    const random = createRandom(4);
    for (let hour = 0; hour < 200; hour += 1)
      followTrend(s, (hour < 100 ? 0 : 1000) + random.normal(), 1, PARAMETERS);
    expect(trendAhead(s, 24, PARAMETERS)).toBe(0);
    followTrend(s, 5000, 30, PARAMETERS);
    expect(s.trend).toBe(0);
  });
});

test('a leak goes on in forecasts, where a level alone would stay behind', () => {
  const model = createSeriesModel({ stepSeconds: 300, timeZone: 'UTC', seasonality: 'none' });
  const random = createRandom(5);
  const leak = (at: number) => 200 + (4 * at) / HOUR;
  let at = 0;
  for (; at < 36 * HOUR; at += 300) model.update(at, leak(at) + 2 * random.normal());
  const { expected, trend } = model.forecast(at + 6 * HOUR)!;
  expect(trend).toBeGreaterThan(15);
  expect(Math.abs(expected - leak(at + 6 * HOUR))).toBeLessThan(12);
});
