import { describe, expect, it } from 'vitest';
import { createRunUp } from './run-up.ts';

/** Fed each half minute for ten minutes: ordinary values of 100, and those of `deviationAt` beyond them. */
function fed(deviationAt: (atSeconds: number) => number, half = 10) {
  const runUp = createRunUp(180);
  for (let at = 0; at < 600; at += 30)
    runUp.add(at, 100 + deviationAt(at), { expected: 100, lower: 100 - half, upper: 100 + half });
  return runUp;
}

describe('the run-up to an anomaly', () => {
  it('is sudden when the deviation took no longer than a window', () => {
    const step = fed((at) => Math.min(1, Math.max(0, (at - 300) / 120)) * 60);
    expect(step.onsetOf(360)).toEqual({ kind: 'sudden', timestampSeconds: 180, value: 100 });
  });

  it('is sudden when an ordinary wobble came before a step that has only begun to show at the start', () => {
    const wobbleThenStep = fed((at) => -20 - Math.min(1, Math.max(0, (at - 300) / 120)) * 50, 25);
    expect(wobbleThenStep.onsetOf(360)).toMatchObject({ kind: 'sudden', value: 80 });
  });

  it('is sudden when a step came while the series was on a slow way of its own', () => {
    const ripple = (at: number) => 2 * Math.sin(at);
    const step = (at: number) => Math.min(1, Math.max(0, (at - 380) / 120)) * 60;
    const slowlyDownThenStep = fed((at) => -at / 30 + ripple(at) - step(at), 25);
    expect(slowlyDownThenStep.onsetOf(390)).toMatchObject({ kind: 'sudden' });
  });

  it('is gradual when much of the deviation was there before, up or down', () => {
    for (const sign of [1, -1])
      expect(fed((at) => (sign * at) / 10).onsetOf(420)).toMatchObject({
        kind: 'gradual',
        timestampSeconds: 240,
      });
  });

  it('is gradual when it crept there on a line, however wide what is ordinary is', () => {
    const ripple = (at: number) => 2 * Math.sin(at);
    expect(fed((at) => at / 15 + ripple(at), 25).onsetOf(480)).toMatchObject({ kind: 'gradual' });
    const step = (at: number) => ripple(at) + Math.min(1, Math.max(0, (at - 420) / 120)) * 60;
    expect(fed(step, 25).onsetOf(480)).toMatchObject({ kind: 'sudden' });
  });

  it('is not known where it began before the samples that are kept', () => {
    expect(fed(() => 0).onsetOf(120)).toBeUndefined();
    expect(fed(() => 0).onsetOf(6000)).toBeUndefined();
  });

  it('is the same after a restart', () => {
    const before = fed((at) => at / 10);
    expect(createRunUp(180, before.save()).onsetOf(420)).toEqual(before.onsetOf(420));
  });
});
