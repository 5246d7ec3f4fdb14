import { describe, expect, test } from 'vitest';
import reference from './holt-winters.reference.json' with { type: 'json' };
import { createHoltWinters } from './holt-winters.ts';

describe.each(reference.cases)('Holt-Winters with $name', ({ parameters, start, fitted, forecast }) => {
  test('equals statsmodels to 1e-9, one step ahead and many', () => {
    const model = createHoltWinters(parameters, start);
    for (const [index, value] of reference.values.entries())
      expect(Math.abs(model.update(value) - fitted[index]!)).toBeLessThan(1e-9);
    for (const [index, expected] of forecast.entries()) {
      // A whole season ahead statsmodels 0.14 takes the season's value from before its last update.
      if ((index + 1) % start.seasonal.length === 0) continue;
      expect(Math.abs(model.forecast(index + 1) - expected)).toBeLessThan(1e-9);
    }
  });

  test('goes on from a state that was taken out', () => {
    const model = createHoltWinters(parameters, start);
    for (const value of reference.values.slice(0, 20)) model.update(value);
    const resumed = createHoltWinters(parameters, model.state());
    for (const value of reference.values.slice(20)) expect(resumed.update(value)).toBe(model.update(value));
  });
});

test('a whole season ahead, the season as of its last update counts', () => {
  const model = createHoltWinters({ level: 0, seasonal: 0.5 }, { level: 10, trend: 0, seasonal: [1, -1] });
  model.update(11);
  model.update(11);
  expect(model.forecast(2)).toBe(10 + 0.5 * (11 - 10) + 0.5 * -1);
});

test('a parameter outside 0..1 and an empty season are refused', () => {
  const start = { level: 0, trend: 0, seasonal: [0] };
  expect(() => createHoltWinters({ level: 1.5, seasonal: 0 }, start)).toThrow(
    'level: expected a number in 0..1, got 1.5',
  );
  expect(() => createHoltWinters({ level: 1, seasonal: 0 }, { ...start, seasonal: [] })).toThrow(RangeError);
});
