import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it, vi } from 'vitest';
import { skewClock } from './clock-skew.ts';
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

it('a leak of the heap ends the process at the heap’s limit, and not before it is stopped', async () => {
  const module = JSON.stringify(join(import.meta.dirname, 'memory-leak.ts'));
  const end = async (then: string) => {
    const program = `const stop = (await import(${module})).leakHeap(600); ${then}`;
    const flags = ['--max-old-space-size=16', '--input-type=module', '--eval'];
    const child = spawn(process.execPath, [...flags, program], { stdio: ['ignore', 'ignore', 'pipe'] });
    const said = text(child.stderr);
    const [code, signal] = await once(child, 'close');
    return { end: signal ?? code, said: await said };
  };
  const [leaked, stopped] = await Promise.all([
    end('setInterval(() => {}, 1000)'),
    end('stop(); setTimeout(() => {}, 3000)'),
  ]);
  expect(leaked.end).toBe('SIGABRT');
  expect(leaked.said).toContain('JavaScript heap out of memory');
  expect(stopped.end).toBe(0);
}, 120_000);

it('a clock is off by so much, for whoever reads it, until it is set right', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
  const setRight = skewClock(-600);
  const earlier = new Date(5);
  expect(Date.now()).toBe(400_000);
  expect(new Date().toISOString()).toBe('1970-01-01T00:06:40.000Z');
  expect(Date.parse(Date())).toBe(400_000);
  expect(earlier.getTime()).toBe(5);
  expect(earlier).toBeInstanceOf(Date);
  expect(Date.UTC(1970, 0)).toBe(0);
  setRight();
  expect(Date.now()).toBe(1_000_000);
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
