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

it('a CPU load takes about its share of one core, and lets timers run', async () => {
  const before = process.cpuUsage();
  const stop = burnCpu(0.5);
  await new Promise((resolve) => setTimeout(resolve, 400));
  stop();
  const { user, system } = process.cpuUsage(before);
  expect(user + system).toBeGreaterThan(100_000);
});
