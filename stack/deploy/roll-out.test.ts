import { describe, expect, it } from 'vitest';
import type { Arms, ArmsSpan } from './comparison/arms.ts';
import type { Plan } from './plan.ts';
import { type Look, rollOut, type Stage } from './roll-out.ts';

const PLAN: Plan = { steps: [10, 50, 100], bakeMs: 60_000, minimumRequests: 30, alpha: 0.01 };

interface Script {
  /** Requests a second of all visitors. */
  readonly rate?: number;
  /** Share of the canary's requests that fail. */
  readonly fails?: number;
  readonly notReady?: boolean;
  readonly notPromoted?: boolean;
  /** Sets the share to none after so many seconds. */
  readonly takenBackAfter?: number;
  readonly interruptedAfter?: number;
  readonly blindUntil?: number;
}

/** A platform whose clock goes as far as somebody waits, and whose Prometheus counts what the share and the script say. */
function play(script: Script, plan: Plan = PLAN) {
  const { rate = 50, fails = 0 } = script;
  const done: string[] = [];
  const spans: ArmsSpan[] = [];
  const looks: Look[] = [];
  let seconds = 0;
  let share = 0;
  let interrupted = false;
  const stage: Stage = {
    async startCanary(version) {
      if (script.notReady) throw new Error('storefront-canary was not ready within 60 s');
      done.push(`start ${version}`);
      seconds += 8;
    },
    async setShare(percent) {
      share = percent;
      done.push(`${percent} %`);
    },
    share: async () => (script.takenBackAfter !== undefined && seconds > script.takenBackAfter ? 0 : share),
    async arms(span): Promise<Arms> {
      spans.push(span);
      if (seconds < (script.blindUntil ?? 0)) throw new Error('Prometheus at http://x: no answer');
      const counted = (of: number, failing: number) => {
        const requests = Math.floor(of);
        return {
          requests,
          failed: Math.round(requests * failing),
          timed: requests,
          slow: 0,
          served: requests,
          calls: requests,
        };
      };
      return {
        canary: counted((span.untilSeconds - span.canaryFromSeconds) * rate * (share / 100), fails),
        stable: counted(
          (span.stableToSeconds - span.stableFromSeconds) * rate * (share === 100 ? 1 : 1 - share / 100),
          0.001,
        ),
        memory: [],
      };
    },
    async promote(version) {
      if (script.notPromoted) throw new Error('storefront was not ready within 60 s');
      done.push(`promote ${version}`);
    },
    endCanary: async () => void done.push('end canary'),
    takeBack: async () => void done.push('take back'),
    now: () => seconds * 1000,
    async wait(ms) {
      seconds += ms / 1000;
      if (script.interruptedAfter !== undefined && seconds > script.interruptedAfter) {
        interrupted = true;
        throw new Error('interrupted');
      }
    },
  };
  const promise = rollOut({
    stage,
    version: '1.1.0',
    plan,
    isInterrupted: () => interrupted,
    onLook: (look) => looks.push(look),
    onStep: (step) => done.push(`step ${step}`),
  });
  return { promise, done, spans, looks };
}

describe('a deployment', () => {
  it('of a good version goes up in steps, and then all visitors are the canary’s while the stable one restarts', async () => {
    const { promise, done } = play({});
    const result = await promise;
    expect(result).toMatchObject({ outcome: 'promoted', times: { canaryReady: 8000, ended: 188_000 } });
    expect(result.steps.map(({ percent, verdict }) => [percent, verdict])).toEqual([
      [10, 'passed'],
      [50, 'passed'],
      [100, 'passed'],
    ]);
    expect(done).toEqual([
      'start 1.1.0',
      'step 10',
      '10 %',
      'step 50',
      '50 %',
      'step 100',
      '100 %',
      'step promoting',
      '100 %',
      'promote 1.1.0',
      'end canary',
    ]);
  });

  it('of a bad version ends as soon as chance is out of the question, not at the end of its bake', async () => {
    const { promise, done } = play({ fails: 0.5, rate: 5 });
    const { outcome, because, times } = await promise;
    expect(outcome).toBe('rolled back');
    expect(because).toMatch(/^failed requests: \d+ of \d+, the stable version 0 of \d+ \(p \de-\d+\)$/);
    expect(times.decided).toBeLessThan(40_000);
    expect(done).toEqual(['start 1.1.0', 'step 10', '10 %', 'take back']);
  });

  it('says how many requests it waits for, and waits for them', async () => {
    const { promise, looks } = play({ rate: 3 });
    expect((await promise).outcome).toBe('promoted');
    const first = looks.filter(({ percent }) => percent === 10);
    expect(first.map(({ because }) => because)).toContain('waits for 12 more requests');
    // 0.3 requests a second for the canary.
    expect(first.at(-1)).toMatchObject({ afterMs: 100_000, verdict: 'passed', requests: 30 });
  });

  it('looks no more often than its chance of a false alarm was divided by', async () => {
    const { promise, looks } = play({ rate: 3 });
    await promise;
    for (const step of PLAN.steps) {
      const tested = looks.filter(({ percent, findings }) => percent === step && findings.length > 0);
      expect(tested).toHaveLength(12);
    }
  });

  it('that sees too few requests is taken back', async () => {
    const { promise, done } = play({ rate: 0.5 });
    expect(await promise).toMatchObject({
      outcome: 'rolled back',
      because: 'not enough traffic: 15 of 30 requests in 300 s',
    });
    expect(done.at(-1)).toBe('take back');
  });

  it('compares with the time before, where the stable version has no visitors any more', async () => {
    const { promise, spans } = play({});
    await promise;
    const [first, last] = [spans[0]!, spans.at(-1)!];
    expect(first).toMatchObject({
      canaryFromSeconds: 8,
      stableFromSeconds: 8,
      stableToSeconds: first.untilSeconds,
    });
    expect(last).toMatchObject({ canaryFromSeconds: 128, stableFromSeconds: -600, stableToSeconds: 128 });
  });

  it.each<[string, Script, string, RegExp]>([
    ['whose canary does not start', { notReady: true }, 'rolled back', /not ready/],
    ['that cannot be promoted', { notPromoted: true }, 'rolled back', /not ready/],
    [
      'whose share somebody else takes away',
      { takenBackAfter: 30 },
      'rolled back',
      /somebody else set the share to none/,
    ],
    ['that is interrupted', { interruptedAfter: 30 }, 'interrupted', /interrupted/],
    ['that cannot see', { blindUntil: 1e6 }, 'rolled back', /not enough traffic: 0 of 30 .*Prometheus/],
  ])('%s is taken back', async (_case, script, outcome, because) => {
    const { promise, done } = play(script);
    const result = await promise;
    expect(result.outcome).toBe(outcome);
    expect(result.because).toMatch(because);
    expect(done.at(-1)).toBe('take back');
    expect(done).not.toContain('end canary');
  });

  it('goes on where Prometheus was away for a while', async () => {
    expect((await play({ blindUntil: 30 }).promise).outcome).toBe('promoted');
  });
});
