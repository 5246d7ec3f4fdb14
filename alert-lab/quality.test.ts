import { describe, expect, it } from 'vitest';
import { episodesOf } from './episodes.ts';
import { type Outcome, qualityOf } from './quality.ts';

const outcome = (changes: Partial<Outcome>): Outcome => ({
  scenario: 'outage',
  severity: 'page',
  isSignificant: true,
  startSeconds: 1000,
  endSeconds: 2000,
  episodes: [{ startSeconds: 1060, endSeconds: 2285 }],
  tableDetectionSeconds: 60,
  ...changes,
});

describe('quality of alerts', () => {
  it('is whole where every significant incident fires once and nothing else does', () => {
    expect(qualityOf([outcome({}), outcome({ isSignificant: false, episodes: [] })])).toMatchObject({
      precision: 1,
      recall: 1,
      unfired: 0,
      detectionSeconds: { median: 60, maximum: 60 },
      resetSeconds: { median: 285, maximum: 285 },
      againstTable: { earliestSeconds: 0, latestSeconds: 0 },
    });
  });

  it('counts an episode of an insignificant incident against precision', () => {
    expect(qualityOf([outcome({}), outcome({ isSignificant: false })]).precision).toBe(0.5);
  });

  it('counts an incident that never fired against recall, and does not drop it from the count', () => {
    expect(qualityOf([outcome({}), outcome({ episodes: [] })])).toMatchObject({
      recall: 0.5,
      unfired: 1,
      significant: 2,
    });
  });

  it('takes an alert that ends before its incident as reset at once', () => {
    const early = outcome({ episodes: [{ startSeconds: 1060, endSeconds: 1500 }] });
    expect(qualityOf([early]).resetSeconds).toEqual({ median: 0, maximum: 0 });
  });
});

describe('episodes', () => {
  it('are the runs of evaluations without a gap', () => {
    expect(episodesOf([15, 30, 45, 90], 15)).toEqual([
      { startSeconds: 15, endSeconds: 60 },
      { startSeconds: 90, endSeconds: 105 },
    ]);
  });
});
