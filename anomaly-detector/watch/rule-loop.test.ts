import { describe, expect, it } from 'vitest';
import { backoffSeconds } from './backoff.ts';
import { secondsToNextPoll } from './rule-loop.ts';

describe('polls', () => {
  it('come a fixed delay after each full step', () => {
    const rule = { stepSeconds: 30, delaySeconds: 10 };
    expect(secondsToNextPoll(90, 100, rule)).toBe(30);
    expect(secondsToNextPoll(90, 129, rule)).toBe(1);
  });

  it('come at once when the last one took so long that the next is due', () => {
    expect(secondsToNextPoll(90, 131, { stepSeconds: 30, delaySeconds: 10 })).toBe(0);
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
