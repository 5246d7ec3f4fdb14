import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { seededRandom } from '../testing/seeded-random.ts';
import { nextStep, startArrivals } from './arrivals.ts';

describe('nextStep', () => {
  it('waits an exponential time', () => {
    expect(nextStep(5, 0.5)).toEqual({ waitMs: (Math.LN2 / 5) * 1000, arrives: true });
  });

  it('looks again after a while when the arrival is far off, or none is to come', () => {
    expect(nextStep(0.001, 0.5)).toEqual({ waitMs: 1000, arrives: false });
    expect(nextStep(0, 0.5)).toEqual({ waitMs: 1000, arrives: false });
  });
});

describe('startArrivals', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => vi.useRealTimers());

  async function count(ratePerSecond: () => number, seconds: number) {
    const arrivalsMs: number[] = [];
    const stop = startArrivals({
      ratePerSecond,
      random: seededRandom(1),
      onArrival: () => arrivalsMs.push(performance.now()),
    });
    await vi.advanceTimersByTimeAsync(seconds * 1000);
    stop();
    return arrivalsMs;
  }

  it('arrive at their rate, as a Poisson process does', async () => {
    const arrivals = await count(() => 20, 300);
    // Three standard deviations: 6000 +- 3 * sqrt(6000).
    expect(Math.abs(arrivals.length - 6000)).toBeLessThan(233);
    const gaps = arrivals.slice(1).map((at, index) => at - arrivals[index]!);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(deviation / mean).toBeGreaterThan(0.95);
    expect(deviation / mean).toBeLessThan(1.05);
  });

  it('follow a rate that changes, also from nothing', async () => {
    const startedAt = performance.now();
    const arrivals = await count(() => (performance.now() - startedAt < 60_000 ? 0 : 50), 120);
    expect(arrivals.filter((at) => at - startedAt < 60_000)).toEqual([]);
    expect(arrivals.length).toBeGreaterThan(2500);
  });

  it('end when stopped', async () => {
    const onArrival = vi.fn();
    const stop = startArrivals({ ratePerSecond: () => 100, random: seededRandom(1), onArrival });
    await vi.advanceTimersByTimeAsync(1000);
    stop();
    const before = onArrival.mock.calls.length;
    await vi.advanceTimersByTimeAsync(5000);
    expect(before).toBeGreaterThan(0);
    expect(onArrival.mock.calls.length).toBe(before);
  });
});
