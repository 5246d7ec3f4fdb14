import { describe, expect, it } from 'vitest';
import { duration, roughDuration } from './duration-in-words.ts';
import { durationMs, durationSchema, durationSeconds } from './parse-duration.ts';

describe('a duration', () => {
  it.each([
    ['500ms', 0.5],
    ['30s', 30],
    ['1h30m', 5400],
    ['28d', 2_419_200],
    ['1w', 604_800],
    ['1y', 31_536_000],
    ['0s', 0],
  ])('%s is %d seconds', (text, seconds) => {
    expect(durationSeconds(text)).toBe(seconds);
  });

  it.each(['', '5', 'm5', '5 m', '-5m', '1.5h', '30m1h', '5M'])('is not %j', (text) => {
    expect(durationMs(text)).toBeUndefined();
  });

  it('as a setting may have a minimum', () => {
    expect(durationSchema('1m').parse('90s')).toBe(90_000);
    expect(durationSchema('1m').safeParse('59s').error?.issues[0]?.message).toMatch(
      /^expected a duration of at least 1m/,
    );
    expect(durationSchema().safeParse(60).error?.issues[0]?.message).toMatch(/^expected a duration such as/);
  });
});

describe('a duration in words', () => {
  it.each([
    [0, '0 s'],
    [850, '850 ms'],
    [59_400, '59 s'],
    [59_600, '1 min'],
    [250_000, '4 min 10 s'],
    [7_500_000, '2 h 5 min'],
    [273_600_000, '3 d 4 h'],
    [-5000, '-5 s'],
  ])('of %i ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it.each([
    [45, '45 s'],
    [720, '12 min'],
    [10_000, '3 h'],
    [200_000, '2 days'],
  ])('of about %d s is %s', (seconds, text) => {
    expect(roughDuration(seconds)).toBe(text);
  });
});
