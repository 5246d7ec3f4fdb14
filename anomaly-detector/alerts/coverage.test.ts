import { describe, expect, it } from 'vitest';
import type { Movement } from '../explain/movement.ts';
import { exampleRule } from '../testing/example-rule.ts';
import type { Episode } from '../watch/episode.ts';
import type { WatchedSeries } from '../watch/watched-series.ts';
import { isCovered } from './coverage.ts';

const whole = exampleRule({ name: 'whole' });
const part = exampleRule({ name: 'part', coveredBy: ['whole'] });

function movement(
  rule: typeof whole,
  service: string,
  startsAtSeconds: number,
  endedAtSeconds?: number,
  direction: Episode['direction'] = 'below',
): Movement {
  const episode: Episode = {
    startsAtSeconds,
    endedAtSeconds,
    direction,
    firstDirection: direction,
    severity: 'high',
    score: 1,
  };
  const series = { labels: { service }, lastMomentSeconds: 10_000 } as unknown as WatchedSeries;
  return { subject: { rule, series }, episode, name: rule.title };
}

describe('an anomaly of a part', () => {
  const ofPart = movement(part, 'shop', 5000);

  it('is told on its own when the whole is calm', () => {
    expect(isCovered(ofPart, [ofPart])).toBe(false);
  });

  it.each([
    ['during that of the whole', 4000, undefined],
    ['soon after that of the whole', 4000, 4700],
    ['a little before that of the whole', 5060, undefined],
  ])('is not told when it began %s', (_, start, end) => {
    expect(isCovered(ofPart, [ofPart, movement(whole, 'shop', start, end)])).toBe(true);
  });

  it('is not told when a rule on another, named service covers it', () => {
    const upstream = movement({ ...whole, service: 'front' }, 'front', 4000);
    expect(isCovered(ofPart, [ofPart, upstream])).toBe(true);
  });

  it.each([
    ['long before that of the whole', 'shop', 5200, undefined],
    ['long after that of the whole', 'shop', 1000, 2000],
    ['while another service moved', 'mail', 4000, undefined],
  ])('is told when it began %s', (_, service, start, end) => {
    expect(isCovered(ofPart, [ofPart, movement(whole, service, start, end)])).toBe(false);
  });

  it.each([
    ['rise', 'above', 'drop', 'below'],
    ['drop', 'below', 'rise', 'above'],
    ['loss', 'missing', 'drop', 'below'],
  ] as const)(
    'is told when it is a %s (%s) while the whole had a %s (%s)',
    (_, direction, __, itsDirection) => {
      const one = movement(part, 'shop', 5000, undefined, direction);
      expect(isCovered(one, [one, movement(whole, 'shop', 4900, undefined, itsDirection)])).toBe(false);
    },
  );

  it('is not told when it drops because the whole is gone', () => {
    expect(isCovered(ofPart, [ofPart, movement(whole, 'shop', 4900, undefined, 'missing')])).toBe(true);
  });

  it('waits until the whole had time to show', () => {
    const young = movement(part, 'shop', 9950);
    expect(isCovered(young, [young])).toBe(true);
  });
});

describe('an anomaly of the whole', () => {
  it('is told at once', () => {
    const young = movement(whole, 'shop', 9990);
    expect(isCovered(young, [young])).toBe(false);
  });
});
