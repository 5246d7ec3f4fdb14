import { describe, expect, it } from 'vitest';
import { exampleRule } from '../testing/example-rule.ts';
import type { RuleWatch } from '../watch/rule-watch.ts';
import { createWatchedSeries } from '../watch/watched-series.ts';
import { exposeBreaches } from './breach-exposition.ts';

const STEP = 60;
const DRIFT_FROM = 12 * 3600;

/** A series that is calm for half a day and then climbs towards 100, which it would reach after three hours. */
function watch(until: number): RuleWatch {
  const limit = {
    name: 'full',
    side: 'above',
    value: 100,
    withinSeconds: 4 * 3600,
    probability: 0.8,
  } as const;
  const rule = exampleRule({ seasonality: 'none', limits: [{ ...limit, severity: 'info' }] });
  const series = createWatchedSeries({ rule, timeZone: 'UTC', labels: { disk: 'a' } });
  for (let at = 0; at <= until; at += STEP) {
    const climbed = Math.max(0, at - DRIFT_FROM) * (50 / 10_800);
    const value = 50 + 0.3 * Math.sin(at * 12.9898) + climbed;
    series.observe({ atSeconds: at, stepSeconds: STEP, value, missingIsVanished: false });
  }
  return { rule, series: new Map([['', series]]), evaluatedUntilSeconds: until } as unknown as RuleWatch;
}
const LABELS = '{rule="requests",service="unknown",disk="a",limit="full"}';
const numberOf = (name: string, text: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name}${LABELS} `))
      ?.split(' ')[1],
  );

describe('a limit as metrics', () => {
  it('is improbable and without a time while the series is calm', () => {
    const text = exposeBreaches([watch(DRIFT_FROM)]);
    expect(numberOf('anomaly_predicted_breach_probability', text)).toBeLessThan(0.2);
    expect(text).not.toContain('anomaly_predicted_breach_seconds{');
  });

  it('is probable, and says in how many seconds, once the series drifts towards it', () => {
    const text = exposeBreaches([watch(DRIFT_FROM + 5400)]);
    expect(numberOf('anomaly_predicted_breach_probability', text)).toBeGreaterThan(0.8);
    expect(Math.abs(numberOf('anomaly_predicted_breach_seconds', text) - 5400)).toBeLessThan(1800);
  });
});
