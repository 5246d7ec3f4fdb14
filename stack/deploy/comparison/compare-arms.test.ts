import { seededRandom } from '@aiops-sre/service-kit/random/seeded-random.ts';
import { describe, expect, it } from 'vitest';
import { alphaOfTest, LOOKS_PER_STEP, type Plan } from '../plan.ts';
import type { Arms } from './arms.ts';
import { compareArms } from './compare-arms.ts';

const NOTHING = { requests: 0, failed: 0, timed: 0, slow: 0, served: 0, calls: 0 };
const PLAN: Plan = { steps: [10, 50, 100], bakeMs: 60_000, minimumRequests: 30, alpha: 0.01 };
const ALPHA = alphaOfTest(PLAN);

const arms = (canary: Partial<Arms['canary']>, stable: Partial<Arms['stable']>): Arms => ({
  canary: { ...NOTHING, ...canary },
  stable: { ...NOTHING, ...stable },
  memory: [],
});
const harmOf = (given: Arms, alpha = ALPHA) =>
  compareArms(given, alpha).flatMap(({ signal, isHarmful }) => (isHarmful ? [signal] : []));

describe('a canary', () => {
  it.each<[string, Arms, string[]]>([
    ['of which nothing is known', arms({}, {}), []],
    ['that fails as often', arms({ requests: 50, failed: 1 }, { requests: 450, failed: 9 }), []],
    ['of which four of ten fail', arms({ requests: 10, failed: 4 }, { requests: 90, failed: 0 }), ['errors']],
    ['of which one of ten fails: chance', arms({ requests: 10, failed: 1 }, { requests: 90, failed: 0 }), []],
    ['that is slow', arms({ timed: 40, slow: 15 }, { timed: 400, slow: 2 }), ['latency']],
    [
      'that is slower, but as fast as was promised',
      arms({ timed: 10_000, slow: 300 }, { timed: 90_000, slow: 90 }),
      [],
    ],
    [
      'that calls others for each entry of a list',
      arms({ served: 40, calls: 140 }, { served: 360, calls: 430 }),
      ['calls'],
    ],
    [
      'that calls others a little more often',
      arms({ served: 40_000, calls: 50_000 }, { served: 360_000, calls: 430_000 }),
      [],
    ],
  ])('%s', (_case, given, harm) => {
    expect(harmOf(given)).toEqual(harm);
  });

  const growing = (megabytes: (seconds: number) => number, seconds = 60) => ({
    ...arms({}, {}),
    memory: Array.from(
      { length: seconds / 5 + 1 },
      (_, index) => [index * 5, megabytes(index * 5) * 1e6] as const,
    ),
  });
  it.each<[string, Arms, string[]]>([
    ['leaks', growing((at) => 100 + at), ['memory']],
    ['grows at its start and no more', growing((at) => 100 + 60 * Math.min(1, at / 25)), []],
    ['grows slowly', growing((at) => 100 + at / 6), []],
    ['has been looked at too briefly', growing((at) => 100 + at, 40), []],
  ])('that %s', (_case, given, harm) => {
    expect(harmOf(given)).toEqual(harm);
  });
});

/** Counts of a version of which this share fails, drawn. */
function draw(random: () => number, requests: number, share: number): number {
  let failed = 0;
  for (let index = 0; index < requests; index += 1) if (random() < share) failed += 1;
  return failed;
}

describe('in the long run', () => {
  it.each([0.001, 0.05, 0.3])(
    'a version that is as good, both failing %d, is rolled back in 1 % of deployments at most',
    (share) => {
      const random = seededRandom(18);
      const DEPLOYMENTS = 1000;
      let rolledBack = 0;
      for (let deployment = 0; deployment < DEPLOYMENTS; deployment += 1) {
        let harmed = false;
        for (const percent of PLAN.steps) {
          const counts = { canary: [0, 0], stable: [0, 0] } as Record<'canary' | 'stable', [number, number]>;
          for (let look = 0; look < LOOKS_PER_STEP && !harmed; look += 1) {
            for (const [arm, requests] of [
              ['canary', percent / 4],
              ['stable', 30],
            ] as const) {
              counts[arm][0] += Math.round(requests);
              counts[arm][1] += draw(random, Math.round(requests), share);
            }
            const [[requests, failed], [others, otherFailed]] = [counts.canary, counts.stable];
            // All three tests see chance at work, each on its own draw.
            harmed =
              harmOf(
                arms(
                  {
                    requests,
                    failed,
                    timed: requests,
                    slow: draw(random, requests, share),
                    served: requests,
                    calls: requests + failed,
                  },
                  {
                    requests: others,
                    failed: otherFailed,
                    timed: others,
                    slow: draw(random, others, share),
                    served: others,
                    calls: others + otherFailed,
                  },
                ),
              ).length > 0;
          }
        }
        if (harmed) rolledBack += 1;
      }
      expect(rolledBack / DEPLOYMENTS).toBeLessThanOrEqual(PLAN.alpha);
    },
  );

  it('one of which 5 % fail, against 0.1 %, is found with 600 requests in nineteen of twenty', () => {
    const random = seededRandom(19);
    const TRIES = 400;
    let found = 0;
    for (let index = 0; index < TRIES; index += 1) {
      const given = arms(
        { requests: 600, failed: draw(random, 600, 0.05) },
        { requests: 5400, failed: draw(random, 5400, 0.001) },
      );
      if (harmOf(given).includes('errors')) found += 1;
    }
    expect(found / TRIES).toBeGreaterThanOrEqual(0.95);
  });
});
