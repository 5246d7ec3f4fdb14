import { describe, expect, it } from 'vitest';
import { durationInWords, durationSeconds } from './duration.ts';

describe('durations', () => {
  it.each([
    ['30s', 30],
    ['1h30m', 5400],
    ['28d', 2_419_200],
    ['1w', 604_800],
  ])('%s is %d seconds', (text, seconds) => {
    expect(durationSeconds(text)).toBe(seconds);
  });

  it.each(['', '5', 'm5', '5 m', '-5m', '1.5h', '30m1h'])('%j is no duration', (text) => {
    expect(durationSeconds(text)).toBeUndefined();
  });

  it.each([
    [45, '45 s'],
    [720, '12 min'],
    [10_000, '3 h'],
    [200_000, '2 days'],
  ])('%d seconds are told as %s', (seconds, words) => {
    expect(durationInWords(seconds)).toBe(words);
  });
});
