import type { Clock } from '../watch/rule-loop.ts';

export type ManualClock = Clock & {
  /** Moves time on and wakes who slept until then. */
  advance(seconds: number): void;
  /** As somebody who sets the wall clock: no time passes. */
  setBack(seconds: number): void;
};

/** A clock that stands still until it is told to move. */
export function createManualClock(startSeconds: number): ManualClock {
  let wallSeconds = startSeconds;
  let elapsed = 0;
  let sleepers: { untilSeconds: number; wake: () => void }[] = [];
  return {
    nowSeconds: () => wallSeconds,
    elapsedSeconds: () => elapsed,
    sleep: (seconds, signal) =>
      new Promise((resolve) => {
        if (signal.aborted || seconds <= 0) return resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
        sleepers.push({ untilSeconds: elapsed + seconds, wake: resolve });
      }),
    advance(seconds) {
      wallSeconds += seconds;
      elapsed += seconds;
      const due = sleepers.filter(({ untilSeconds }) => untilSeconds <= elapsed);
      sleepers = sleepers.filter(({ untilSeconds }) => untilSeconds > elapsed);
      for (const { wake } of due) wake();
    },
    setBack(seconds) {
      wallSeconds -= seconds;
    },
  };
}
