import { describe, expect, it } from 'vitest';
import { exampleRule } from '../testing/example-rule.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { backoffSeconds } from './backoff.ts';
import { runRule, secondsToNextPoll } from './rule-loop.ts';
import type { RuleWatch } from './rule-watch.ts';

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

  it('come less and less often until one succeeds, and on their step again after', async () => {
    const clock = createManualClock(0);
    const polledAt: number[] = [];
    const watch: Pick<RuleWatch, 'rule' | 'poll' | 'evaluatedUntilSeconds'> = {
      rule: exampleRule(),
      get evaluatedUntilSeconds() {
        return Math.floor(clock.nowSeconds() / 60) * 60;
      },
      poll(nowSeconds) {
        polledAt.push(nowSeconds);
        return nowSeconds < 90
          ? Promise.reject(new Error('down'))
          : Promise.resolve({ moments: 1, warnings: [] });
      },
    };
    const ending = new AbortController();
    const running = runRule({
      watch: watch as RuleWatch,
      clock,
      random: () => 0.999_999,
      delaySeconds: 0,
      signal: ending.signal,
      onPoll: () => {},
      onFailure: () => {},
    });
    for (let second = 0; second < 190; second += 1) {
      await new Promise(setImmediate);
      clock.advance(1);
    }
    ending.abort();
    await running;
    expect(polledAt).toEqual([0, 2, 6, 14, 30, 62, 122, 180]);
  });
});
