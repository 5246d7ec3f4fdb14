import { describe, expect, it } from 'vitest';
import { exampleRule, wave } from '../testing/example-rule.ts';
import type { RuleWatch } from '../watch/rule-watch.ts';
import { createWatchedSeries } from '../watch/watched-series.ts';
import { freshWatches } from './fresh-watches.ts';
import { exposeSeries } from './series-exposition.ts';

const END = 9 * 86_400;

function watch(incident: (at: number) => number | undefined = wave): RuleWatch {
  const rule = exampleRule();
  const labels = { service: 'a "b"\\c' };
  const series = createWatchedSeries({ rule, timeZone: 'UTC', labels });
  for (let at = 0; at < END; at += 300)
    series.observe({ atSeconds: at, stepSeconds: 300, value: wave(at), missingIsVanished: false });
  for (let at = END; at < END + 600; at += 60)
    series.observe({ atSeconds: at, stepSeconds: 60, value: incident(at), missingIsVanished: true });
  return { rule, series: new Map([['', series]]), evaluatedUntilSeconds: END + 540 } as unknown as RuleWatch;
}
const lines = (one: RuleWatch, nowSeconds = END + 600) =>
  exposeSeries(
    freshWatches(
      [one],
      ({ evaluatedUntilSeconds = 0 }) => nowSeconds - evaluatedUntilSeconds,
      () => 180,
    ),
  ).split('\n');
const LABELS = '{rule="requests",service="a \\"b\\"\\\\c"}';

describe('the watched series as metrics', () => {
  it('show value, expectation, bounds, score and whether an anomaly lasts, with escaped labels', () => {
    const names = lines(watch())
      .filter((line) => line.includes(LABELS))
      .map((line) => line.split('{')[0]);
    expect(names).toEqual([
      'anomaly_value',
      'anomaly_expected',
      'anomaly_lower',
      'anomaly_upper',
      'anomaly_score',
      'anomaly_active',
    ]);
    expect(lines(watch())).toContain(`anomaly_active${LABELS} 0`);
  });

  it('show a vanished series as a full score without a value', () => {
    const gone = lines(watch(() => undefined));
    expect(gone).toContain(`anomaly_score${LABELS} 1`);
    expect(gone).toContain(`anomaly_active${LABELS} 1`);
    expect(gone.some((line) => line.startsWith('anomaly_value{'))).toBe(false);
  });

  it('are left out once they are old: numbers of long ago must not look alive', () => {
    expect(lines(watch(), END + 1200).some((line) => line.includes('{'))).toBe(false);
  });
});
