import { describe, expect, it } from 'vitest';
import { createSeriesModel } from '../model/seasonal-model.ts';
import { exampleRule } from '../testing/example-rule.ts';
import { createBreachWatch } from './breach-watch.ts';

const rule = exampleRule({
  limits: [
    {
      name: 'full',
      side: 'above',
      value: 100,
      withinSeconds: 4 * 3600,
      probability: 0.8,
      severity: 'ticket',
    },
  ],
});
const STEP = 60;
const DRIFT_FROM = 12 * 3600;

/** Half a day of calm, then a climb that would reach the limit in three hours, until `calmAgainAt`. */
function valueAt(at: number, calmAgainAt: number): number {
  const ripple = 0.3 * Math.sin(at * 12.9898);
  const climbed = Math.max(0, Math.min(at, calmAgainAt) - DRIFT_FROM) * (50 / 10_800);
  return 50 + ripple + climbed;
}

function run(until: number, calmAgainAt: number) {
  const model = createSeriesModel({ stepSeconds: 300, timeZone: 'UTC', seasonality: 'none' });
  const breaches = createBreachWatch(rule);
  for (let at = 0; at <= until; at += STEP) {
    const value = valueAt(at, calmAgainAt);
    breaches.before(at, value, model);
    model.update(at, value);
    breaches.after(at, value, model);
  }
  return breaches.predictions();
}

describe('a limit that a series drifts towards', () => {
  it('is not announced while the series is calm', () => {
    expect(run(DRIFT_FROM, Number.POSITIVE_INFINITY)).toEqual([]);
  });

  it('is announced well before it is crossed, with about the right moment', () => {
    const crossesAt = DRIFT_FROM + 10_800;
    const [prediction] = run(DRIFT_FROM + 5400, Number.POSITIVE_INFINITY);
    expect(prediction).toBeDefined();
    expect(prediction!.endedAtSeconds).toBeUndefined();
    expect(prediction!.startsAtSeconds).toBeLessThan(crossesAt - 3600);
    expect(Math.abs(prediction!.breachAtSeconds! - crossesAt)).toBeLessThan(1800);
  });

  it('is announced in time after a long calm, where the climb takes half an hour', () => {
    const model = createSeriesModel({ stepSeconds: 300, timeZone: 'UTC', seasonality: 'none' });
    const breaches = createBreachWatch(rule);
    for (let at = 0; at <= DRIFT_FROM + 20 * 60; at += STEP) {
      const value = 50 + 0.3 * Math.sin(at * 12.9898) + Math.max(0, at - DRIFT_FROM) * (50 / 1800);
      breaches.before(at, value, model);
      model.update(at, value);
      breaches.after(at, value, model);
    }
    const [prediction] = breaches.predictions();
    expect(prediction!.startsAtSeconds).toBeLessThanOrEqual(DRIFT_FROM + 17 * 60);
    expect(Math.abs(prediction!.breachAtSeconds! - DRIFT_FROM - 1800)).toBeLessThan(120);
  });

  it('is not announced when the value has jumped beyond it: that is no prediction', () => {
    const model = createSeriesModel({ stepSeconds: 300, timeZone: 'UTC', seasonality: 'none' });
    const breaches = createBreachWatch(rule);
    for (let at = 0; at < DRIFT_FROM + 3600; at += STEP) {
      const value = (at < DRIFT_FROM ? 50 : 150) + 0.3 * Math.sin(at * 12.9898);
      breaches.before(at, value, model);
      model.update(at, value);
      breaches.after(at, value, model);
    }
    expect(breaches.predictions()).toEqual([]);
  });

  it('is taken back when the drift ends', () => {
    const [prediction] = run(DRIFT_FROM + 5400 + 4 * 3600, DRIFT_FROM + 5400);
    expect(prediction!.endedAtSeconds).toBeGreaterThan(DRIFT_FROM + 5400);
  });
});
