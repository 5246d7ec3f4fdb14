import { describe, expect, it } from 'vitest';
import { backfillPasses, lastMomentAt, nextChunk } from './evaluation-grid.ts';

describe('the evaluation grid', () => {
  it('has the same moments whenever one looks', () => {
    expect([119, 120, 149.9].map((now) => lastMomentAt(now, 30))).toEqual([90, 120, 120]);
  });

  it('is asked for in chunks below the limit of Prometheus, without a gap and without an overlap', () => {
    const range = { startSeconds: 0, endSeconds: 40_000 * 30, stepSeconds: 30 };
    const first = nextChunk(range, 1)!;
    expect((first.endSeconds - first.startSeconds) / 30 + 1).toBeLessThanOrEqual(11_000);
    const last = nextChunk({ ...range, startSeconds: range.endSeconds }, 1)!;
    expect(last).toEqual({ startSeconds: range.endSeconds, endSeconds: range.endSeconds, stepSeconds: 30 });
    expect(nextChunk({ ...range, startSeconds: range.endSeconds + 30 }, 1)).toBeUndefined();
  });

  it('asks for fewer moments at once the more series there are', () => {
    const range = { startSeconds: 0, endSeconds: 1e6, stepSeconds: 10 };
    expect(nextChunk(range, 20_000)!.endSeconds).toBe(90);
    expect(nextChunk(range, 200)!.endSeconds).toBe(990);
  });

  it('starts history at the same moment for detectors started within the same quarter of a day', () => {
    const plan = (nowSeconds: number) =>
      backfillPasses({
        nowSeconds,
        stepSeconds: 30,
        coarseStepSeconds: 300,
        historySeconds: 28 * 86_400,
        recentSeconds: 6 * 3600,
      });
    const [early, late] = [plan(1_795_219_200 + 60), plan(1_795_219_200 + 6 * 3600 - 30)];
    expect(late.coarse).toEqual(early.coarse);
    expect(plan(1_795_219_200 + 2 * 86_400).coarse.startSeconds).toBe(early.coarse.startSeconds);
    expect(late.recent.startSeconds).toBe(early.recent.startSeconds);
    expect(early.recent.startSeconds).toBe(early.coarse.endSeconds + 30);
  });
});
