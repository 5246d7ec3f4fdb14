import { describe, expect, it } from 'vitest';
import { backoffSeconds } from './backoff.ts';
import { secondsToNextPoll } from './rule-loop.ts';

describe('polls', () => {
  it('come a fixed delay after each full step', () => {
    expect(secondsToNextPoll(100, 30, 10)).toBe(30);
    expect(secondsToNextPoll(129, 30, 10)).toBe(1);
    expect(secondsToNextPoll(131.5, 30, 10)).toBe(28.5);
  });
});

describe('after failures polls', () => {
  it('wait twice as long each time, up to a minute', () => {
    expect([1, 2, 3, 6, 50].map((failures) => backoffSeconds(failures, 0.999))).toEqual(
      [2, 4, 8, 60, 60].map((full) => expect.closeTo(full, 0)),
    );
  });

  it('wait at random between half of that and all of it', () => {
    expect(backoffSeconds(3, 0)).toBe(4);
    expect(backoffSeconds(3, 0.5)).toBe(6);
  });
});
