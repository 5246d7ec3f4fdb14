import { expect, it, onTestFinished, vi } from 'vitest';
import { abortOnSignal } from './abort-on-signal.ts';

/** That nothing else listens to. */
const SIGNALS = ['SIGUSR1', 'SIGUSR2'] as const;

it('is aborted by the first signal, says so once, and goes on to hold back what ends the process', () => {
  onTestFinished(() => {
    for (const signal of SIGNALS) process.removeAllListeners(signal);
  });
  const onFirst = vi.fn();
  const { signal } = abortOnSignal({ signals: SIGNALS, onFirst });
  expect(signal.aborted).toBe(false);
  process.emit('SIGUSR2');
  process.emit('SIGUSR1');
  expect(signal.reason).toEqual(new Error('interrupted by SIGUSR2'));
  expect(onFirst).toHaveBeenCalledTimes(1);
  expect(SIGNALS.map((each) => process.listenerCount(each))).toEqual([1, 1]);
});
