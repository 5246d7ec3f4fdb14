import { describe, expect, it } from 'vitest';
import { exampleRule, wave } from '../testing/example-rule.ts';
import { createWatchedSeries, GIVE_UP_SECONDS, type WatchedSeries } from './watched-series.ts';

const START = 1_795_219_200;
const STEP = 60;
const LEARNT = START + 9 * 86_400;

/** Feeds a moment each `stepSeconds` of [from, to). */
function feed(
  series: WatchedSeries,
  from: number,
  to: number,
  valueAt: (at: number) => number | undefined,
  missingIsVanished = true,
  stepSeconds = STEP,
) {
  for (let atSeconds = from; atSeconds < to; atSeconds += stepSeconds)
    series.observe({ atSeconds, stepSeconds, value: valueAt(atSeconds), missingIsVanished });
}

function learnt(settings: Parameters<typeof exampleRule>[0] = {}): WatchedSeries {
  const series = createWatchedSeries({
    rule: exampleRule(settings),
    timeZone: 'UTC',
    labels: { service: 'a' },
  });
  feed(series, START, LEARNT - 3600, wave, false, 300);
  feed(series, LEARNT - 3600, LEARNT, wave);
  expect(series.episode).toBeUndefined();
  return series;
}

describe('a watched series', () => {
  it('that drops to zero has an episode that starts at the drop and ends once it is back', () => {
    const series = learnt();
    feed(series, LEARNT, LEARNT + 600, () => 0);
    expect(series.episode).toMatchObject({ direction: 'below', startsAtSeconds: LEARNT });
    feed(series, LEARNT + 600, LEARNT + 1200, wave);
    expect(series.episode).toBeUndefined();
    expect(series.endedEpisode).toMatchObject({ startsAtSeconds: LEARNT, direction: 'below' });
    expect(series.endedEpisode!.endedAtSeconds! - (LEARNT + 600)).toBeLessThanOrEqual(240);
  });

  it('that stays where it went says so once that is usual, and is back where it was otherwise', () => {
    const stayed = learnt();
    feed(stayed, LEARNT, LEARNT + 8 * 3600, (at) => 2 * wave(at));
    expect(stayed.endedEpisode).toMatchObject({ direction: 'above', endReason: 'new-normal' });
    const returned = learnt();
    feed(returned, LEARNT, LEARNT + 600, (at) => 2 * wave(at));
    feed(returned, LEARNT + 600, LEARNT + 1800, wave);
    expect(returned.endedEpisode).toMatchObject({ direction: 'above', endReason: 'back' });
  });

  it('that vanishes has an episode after the time the rule allows, and it ends when the series is back', () => {
    const series = learnt();
    feed(series, LEARNT, LEARNT + 60, () => undefined);
    expect(series.episode).toBeUndefined();
    feed(series, LEARNT + 60, LEARNT + 300, () => undefined);
    expect(series.episode).toMatchObject({ direction: 'missing', startsAtSeconds: LEARNT, score: 1 });
    feed(series, LEARNT + 300, LEARNT + 600, wave);
    expect(series.episode).toBeUndefined();
    expect(series.endedEpisode).toMatchObject({ direction: 'missing', startsAtSeconds: LEARNT });
  });

  it('that drops and then vanishes keeps one episode with one start', () => {
    const series = learnt();
    feed(series, LEARNT, LEARNT + 300, () => 1);
    feed(series, LEARNT + 300, LEARNT + 900, () => undefined);
    expect(series.episode).toMatchObject({ direction: 'missing', startsAtSeconds: LEARNT });
  });

  it('that stays away for an hour is given up: its episode ends', () => {
    const series = learnt();
    feed(series, LEARNT, LEARNT + GIVE_UP_SECONDS + 120, () => undefined);
    expect(series.episode).toBeUndefined();
    expect(series.endedEpisode).toMatchObject({
      endedAtSeconds: LEARNT + GIVE_UP_SECONDS,
      endReason: 'gone',
    });
  });

  it('does not vanish while Prometheus itself takes in nothing, nor when the rule does not mind', () => {
    const outage = learnt();
    feed(outage, LEARNT, LEARNT + 1800, () => undefined, false);
    expect(outage.episode).toBeUndefined();
    const unminded = learnt({ vanished: 'ignore' });
    feed(unminded, LEARNT, LEARNT + 1800, () => undefined);
    expect(unminded.episode).toBeUndefined();
  });

  it('that was never understood is not missed', () => {
    const series = createWatchedSeries({ rule: exampleRule(), timeZone: 'UTC', labels: {} });
    feed(series, START, START + 300, wave);
    feed(series, START + 300, START + 1800, () => undefined);
    expect(series.episode).toBeUndefined();
  });

  it('is not scored before its rate is whole again after a gap', () => {
    const series = learnt({ windowSeconds: 120 });
    feed(series, LEARNT, LEARNT + 300, () => undefined, false);
    feed(series, LEARNT + 300, LEARNT + 360, () => 5);
    expect(series.latest.observation.kind).toBe('settling');
    feed(series, LEARNT + 360, LEARNT + 600, wave);
    expect(series.latest.observation.kind).toBe('scored');
    expect(series.episode ?? series.endedEpisode).toBeUndefined();
  });

  it('takes a value that is no number as nothing said, and names it', () => {
    const series = learnt();
    const moment = { atSeconds: LEARNT, stepSeconds: STEP, missingIsVanished: true };
    expect(series.observe({ ...moment, value: Number.NaN })).toBe('not-a-number');
    expect(series.observe({ ...moment, atSeconds: LEARNT + 60, value: Number.POSITIVE_INFINITY })).toBe(
      'infinite',
    );
    feed(series, LEARNT + 120, LEARNT + 1800, () => Number.NaN);
    expect(series.latest).toMatchObject({ value: undefined, observation: { kind: 'no-data' } });
    expect(series.episode).toBeUndefined();
  });

  it('counts a moment once: what comes again or late is skipped by name', () => {
    const series = learnt();
    const before = series.save();
    const again = { atSeconds: LEARNT - 60, stepSeconds: STEP, value: 1e9, missingIsVanished: true };
    expect(series.observe(again)).toBe('duplicate');
    expect(series.observe({ ...again, atSeconds: LEARNT - 120 })).toBe('out-of-order');
    expect(series.save()).toEqual(before);
  });

  it('restored in mid-anomaly goes on bit for bit as if it had never stopped', () => {
    const limits = [
      { name: 'high', side: 'above', value: 150, withinSeconds: 3600, probability: 0.8, severity: 'info' },
    ] as const;
    const rule = exampleRule({ limits });
    const series = learnt({ limits });
    feed(series, LEARNT, LEARNT + 600, (at) => wave(at) / 3);
    const saved = series.save();
    const stored = { ...saved, state: JSON.parse(JSON.stringify(saved.state)) };
    const restored = createWatchedSeries({ rule, timeZone: 'UTC', labels: saved.labels, saved: stored });
    for (const one of [series, restored]) {
      feed(one, LEARNT + 600, LEARNT + 1200, (at) => wave(at) / 3);
      feed(one, LEARNT + 1200, LEARNT + 2400, wave);
    }
    expect(restored.save()).toEqual(series.save());
    expect(restored.endedEpisode).toMatchObject({ startsAtSeconds: LEARNT });
  });
});
