import { describe, expect, it } from 'vitest';
import { createRandom } from '../backtest/random.ts';
import { exampleRule } from '../testing/example-rule.ts';
import { createWatchedSeries } from './watched-series.ts';

const HOUR = 3600;
const HISTORY_END = 14 * 86_400 + 10 * HOUR;

/** Two weeks of a daily season with noise, then `change` (a factor by hours), sample by sample as live. */
function episodes(options: {
  readonly noise: number;
  readonly seed: number;
  readonly hours: number;
  readonly minimum: number;
  readonly change: (hours: number) => number;
}) {
  const { noise, seed, hours, minimum, change } = options;
  const random = createRandom(seed);
  const rule = exampleRule({ stepSeconds: 30, minimumRelativeDeviation: minimum });
  const series = createWatchedSeries({ rule, timeZone: 'UTC', labels: {} });
  const starts = new Set<number>();
  const observe = (atSeconds: number, stepSeconds: number) => {
    const season = 100 + 40 * Math.sin((2 * Math.PI * atSeconds) / 86_400);
    const factor = change((atSeconds - HISTORY_END) / HOUR);
    const value = season * factor * (1 + noise * random.normal());
    series.observe({ atSeconds, stepSeconds, value, missingIsVanished: false });
    if (atSeconds >= HISTORY_END && series.episode) starts.add(series.episode.startsAtSeconds);
  };
  let at = 0;
  for (; at < HISTORY_END - 6 * HOUR; at += 300) observe(at, 300);
  for (; at < HISTORY_END + hours * HOUR; at += 30) observe(at, 30);
  return { starts: [...starts].map((start) => (start - HISTORY_END) / HOUR), last: series.episode };
}

/** Climbs to `height` within some hours, stays as long as `until`, and is as ever after that. */
const ramp = (height: number, within: number, until: number) => (hours: number) =>
  hours < 0 || hours >= until ? 1 : 1 + height * Math.min(1, hours / within);

describe('a value that drifts away', () => {
  it.each([
    ['45 % in a quarter of an hour', 0.45, 0.25, 0.02],
    ['60 % in 20 minutes', 0.6, 1 / 3, 0.05],
    ['-45 % in a quarter of an hour', -0.45, 0.25, 0.02],
    ['50 % in two hours', 0.5, 2, 0.02],
    ['50 % in three hours', 0.5, 3, 0.02],
  ])('by %s is one anomaly, which ends when it is back', (_, height, within, noise) => {
    for (const seed of [1, 2, 3]) {
      const until = within * 1.25;
      const { starts, last } = episodes({
        noise,
        seed,
        hours: until + 0.5,
        minimum: 0.3,
        change: ramp(height, within, until),
      });
      expect(starts).toHaveLength(1);
      expect(starts[0]!).toBeLessThan(within);
      expect(last).toBeUndefined();
    }
  });

  it('by half in 16 hours is an anomaly though the level follows, and is held against what was usual', () => {
    const { starts, last } = episodes({
      noise: 0.02,
      seed: 1,
      hours: 18,
      minimum: 0.3,
      change: ramp(0.5, 16, 24),
    });
    expect(starts).toHaveLength(1);
    expect(last).toMatchObject({ direction: 'above' });
    expect(last!.peak!.value / last!.peak!.expected).toBeGreaterThan(1.3);
  });

  it('by less than the rule asks for is none', () => {
    const change = ramp(0.2, 0.5, 1);
    expect(episodes({ noise: 0.02, seed: 1, hours: 2, minimum: 0.3, change }).starts).toEqual([]);
  });

  it('and hovers about the minimum is one anomaly, not many', () => {
    const change = (hours: number) => (hours >= 0 && hours < 2 ? 1.31 : 1);
    expect(episodes({ noise: 0.02, seed: 1, hours: 3, minimum: 0.3, change }).starts).toHaveLength(1);
  });
});
