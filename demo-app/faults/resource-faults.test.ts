import { afterEach, expect, it, vi } from 'vitest';
import { burnCpu } from './cpu-load.ts';
import { LEAK_LIMIT_BYTES, leakMemory } from './memory-leak.ts';

afterEach(() => vi.useRealTimers());

it('a memory leak grows at its rate, up to its limit, and is freed at its end', () => {
  vi.useFakeTimers();
  const allocate = vi.spyOn(Buffer, 'alloc').mockImplementation(() => Buffer.of());
  const stop = leakMemory(600);
  vi.advanceTimersByTime(6_000);
  const allocatedBytes = () => allocate.mock.calls.reduce((sum, [bytes]) => sum + bytes, 0);
  expect(allocatedBytes()).toBe(60 * 1024 * 1024);
  vi.advanceTimersByTime(600_000);
  expect(allocatedBytes()).toBeLessThan(LEAK_LIMIT_BYTES + 11 * 1024 * 1024);
  stop();
  const before = allocatedBytes();
  vi.advanceTimersByTime(10_000);
  expect(allocatedBytes()).toBe(before);
  allocate.mockRestore();
});

it('a CPU load is its share of the time, in slices between which timers run, until its end', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  // Looking at the clock is what the load does: each look takes a millisecond.
  let busyMs = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (busyMs += 1));
  const stop = burnCpu(0.2);
  vi.advanceTimersByTime(8_000);
  expect(busyMs / (busyMs + 8_000)).toBeCloseTo(0.2, 1);
  stop();
  const before = busyMs;
  vi.advanceTimersByTime(8_000);
  expect(busyMs).toBe(before);
  clock.mockRestore();
});
