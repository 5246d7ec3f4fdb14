import type { Clock } from '../watch/rule-loop.ts';

export type ManualClock = Clock & {
  /** Moves time on and wakes who slept until then. */
  advance(seconds: number): void;
};

/** A clock that stands still until it is told to move. */
export function createManualClock(startSeconds: number): ManualClock {
  let now = startSeconds;
  let sleepers: { untilSeconds: number; wake: () => void }[] = [];
  return {
    nowSeconds: () => now,
    sleep: (seconds, signal) =>
      new Promise((resolve) => {
        if (signal.aborted || seconds <= 0) return resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
        sleepers.push({ untilSeconds: now + seconds, wake: resolve });
      }),
    advance(seconds) {
      now += seconds;
      const due = sleepers.filter(({ untilSeconds }) => untilSeconds <= now);
      sleepers = sleepers.filter(({ untilSeconds }) => untilSeconds > now);
      for (const { wake } of due) wake();
    },
  };
}
