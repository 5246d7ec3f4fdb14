import { describe, expect, it } from 'vitest';
import type { Limit } from '../rules/rule.ts';
import { forecastBreach, normalCdf } from './breach-forecast.ts';

const limit: Limit = {
  name: 'disk',
  side: 'above',
  value: 100,
  withinSeconds: 4 * 3600,
  probability: 0.8,
  severity: 'ticket',
};
const flat = () => ({ expected: 50, lower: 48, upper: 52, trend: 0, tailScale: 0 });
const outlook = (options: Partial<Parameters<typeof forecastBreach>[0]>) =>
  forecastBreach({
    limit,
    nowSeconds: 0,
    stepSeconds: 60,
    value: 50,
    drift: { slope: 0, slopeError: 0.0001, lastResidual: 0, noise: 1 },
    forecast: flat,
    ...options,
  });

describe('the forecast of a breach', () => {
  it('says when a value that drifts reaches its limit', () => {
    const { breachAtSeconds, probability } = outlook({
      drift: { slope: 50 / 7200, slopeError: 1e-5, lastResidual: 0, noise: 1 },
    });
    expect(breachAtSeconds).toBeGreaterThan(7000);
    expect(breachAtSeconds).toBeLessThan(7800);
    expect(probability).toBeGreaterThan(0.99);
  });

  it('says nothing of a value that stays where it is, or whose limit lies beyond the horizon', () => {
    expect(outlook({})).toEqual({ probability: expect.closeTo(0, 5), breachAtSeconds: undefined });
    const slow = { slope: 50 / (20 * 3600), slopeError: 1e-6, lastResidual: 0, noise: 1 };
    expect(outlook({ drift: slow }).breachAtSeconds).toBeUndefined();
  });

  it('goes on with the trend of days where the last hour shows no drift', () => {
    const climbing = (at: number) => ({
      expected: 50 + at / 240,
      lower: 48,
      upper: 52,
      trend: at / 240,
      tailScale: 0,
    });
    const { breachAtSeconds } = outlook({ forecast: climbing });
    expect(breachAtSeconds).toBeGreaterThan(11_500);
    expect(breachAtSeconds).toBeLessThan(12_500);
    const drift = { slope: 50 / 7200, slopeError: 1e-5, lastResidual: 0, noise: 1 };
    expect(outlook({ forecast: climbing, drift }).breachAtSeconds).toBeLessThan(7800);
  });

  it('is less sure the less sure the drift is', () => {
    const drift = { slope: 60 / 14_400, slopeError: 1e-5, lastResidual: 0, noise: 1 };
    const sure = outlook({ drift }).probability;
    const unsure = outlook({ drift: { ...drift, slopeError: 2e-3 } }).probability;
    expect(unsure).toBeLessThan(sure);
    expect(unsure).toBeGreaterThan(0.5);
  });

  it('sees the season carry the value over the limit', () => {
    const rising = (at: number) => ({
      expected: 50 + at / 120,
      lower: 48 + at / 120,
      upper: 52 + at / 120,
      trend: 0,
      tailScale: 0,
    });
    expect(outlook({ forecast: rising }).breachAtSeconds).toBeGreaterThan(5000);
  });

  it('works downwards too', () => {
    const falling = { slope: -50 / 7200, slopeError: 1e-5, lastResidual: 0, noise: 1 };
    expect(
      outlook({ limit: { ...limit, side: 'below', value: 0 }, drift: falling }).breachAtSeconds,
    ).toBeGreaterThan(7000);
  });
});

describe('the normal distribution function', () => {
  it.each([
    [0, 0.5],
    [1, 0.8413447],
    [1.96, 0.9750021],
    [-1.96, 0.0249979],
    [-3, 0.0013499],
  ])('of %d is %d, as tables have it', (x, p) => {
    expect(normalCdf(x)).toBeCloseTo(p, 6);
  });
});
