import { describe, expect, it } from 'vitest';
import { type Comparison, differences, type Observation } from './compare.ts';
import { factRank } from './fact-rank.ts';

const some = (count: number, facts: readonly string[], weight = 1): Observation[] =>
  Array.from({ length: count }, () => ({ facts: new Set(facts), weight }));
const compare = (bad: Observation[], rest: Observation[], exact?: NonNullable<Comparison['exact']>) =>
  differences({ bad, rest, rank: factRank, ...(exact && { exact }) });

const INSTANCE = (n: number) => `fulfillment service.instance.id=fulfillment-${n}`;

describe('differences', () => {
  it('names what is common among the bad and rare among the rest, with both shares', () => {
    const bad = [...some(18, [INSTANCE(3)]), ...some(2, [INSTANCE(2)])];
    const rest = [1, 2, 3, 4].flatMap((n) => some(25, [INSTANCE(n)]));
    expect(compare(bad, rest)).toMatchObject([
      { fact: INSTANCE(3), shareOfBad: 0.9, shareOfRest: 0.25, lift: 3.6, counted: false },
    ]);
  });

  it('is silent where the groups are alike', () => {
    const mixed = (count: number) => [1, 2, 3, 4].flatMap((n) => some(count, [INSTANCE(n)]));
    expect(compare(mixed(10), mixed(50))).toEqual([]);
  });

  it('is silent where three requests happen to have something in common', () => {
    const rest = [1, 2, 3, 4].flatMap((n) => some(20, [INSTANCE(n)]));
    expect(compare(some(3, [INSTANCE(3)]), rest)).toEqual([]);
  });

  it('is silent without anything to compare with', () => {
    expect(compare(some(50, [INSTANCE(3)]), [])).toEqual([]);
  });

  it('counts a sampled event as the many that it stands for', () => {
    // Ten kept for the error they came with, all of one kind; ten kept by chance stand for a hundred.
    const rest = [...some(10, [INSTANCE(3)], 1), ...some(10, [INSTANCE(1)], 10)];
    const [found] = compare(some(40, [INSTANCE(3)]), rest);
    expect(found!.shareOfRest).toBeCloseTo(10 / 110, 6);
  });

  it('takes a few heavy events for few when it asks about chance', () => {
    // 9 of 10 and 0 of 4 events look like a difference; four events, however heavy, are no evidence.
    const bad = [...some(7, [INSTANCE(3)]), ...some(3, [INSTANCE(1)])];
    expect(compare(bad, some(4, [INSTANCE(1)], 1))).toEqual([]);
    expect(compare(bad, some(4, [INSTANCE(1)], 100))).toEqual([]);
    expect(compare(bad, some(100, [INSTANCE(1)], 1))).toHaveLength(1);
  });

  it('prefers true counts to the sample', () => {
    const sampled = compare(some(40, [INSTANCE(3)]), some(40, [INSTANCE(1)]), {
      total: { bad: 1000, rest: 9000 },
      facts: new Map([[INSTANCE(3), { bad: 800, rest: 900 }]]),
    });
    expect(sampled).toMatchObject([{ fact: INSTANCE(3), shareOfBad: 0.8, shareOfRest: 0.1, counted: true }]);
  });

  it('puts facts of just the same requests together, the one to act on first', () => {
    const both = ['identity identity.provider=experimental', 'identity feature_flag.provider-flag=on'];
    expect(compare(some(20, both), some(60, ['identity identity.provider=stable']))).toMatchObject([
      { fact: both[1], sameEvents: [both[0]], lift: Infinity },
    ]);
  });
});
