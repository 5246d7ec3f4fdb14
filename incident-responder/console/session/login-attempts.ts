import { setTimeout as sleep } from 'node:timers/promises';

const WINDOW_MS = 60_000;
/** Wrong tokens a minute that are answered at once: people mistype. */
const FREE_FAILURES = 3;
const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 4_000;
/** Wrong tokens a minute after which they are answered 429. */
const MAX_FAILURES = 10;
/** Answers held back at a time; further ones go out at once, so that guessing cannot fill the memory. */
const MAX_HELD = 64;

export interface LoginAttempts {
  /**
   * Counts a wrong token and resolves when its answer may go out: later with each one in a minute, whoever sends them,
   * since behind a proxy or Docker all come from one address. A right token is never counted and never waits.
   *
   * @returns seconds until wrong tokens are answered as usual; 0 while they are.
   */
  failed(nowMs: number): Promise<number>;
}

/** @param wait resolves after so many milliseconds */
export function createLoginAttempts(
  wait: (ms: number) => Promise<unknown> = (ms) => sleep(ms, undefined, { ref: false }),
): LoginAttempts {
  let failures: number[] = [];
  let held = 0;
  return {
    async failed(nowMs) {
      failures = [...failures.filter((atMs) => nowMs - atMs < WINDOW_MS), nowMs].slice(-(MAX_FAILURES + 1));
      const [oldest = nowMs] = failures;
      const tooMany = failures.length > MAX_FAILURES;
      const retryAfterSeconds = tooMany ? Math.ceil((oldest + WINDOW_MS - nowMs) / 1000) : 0;
      if (held < MAX_HELD) {
        held += 1;
        await wait(delayMs(failures.length));
        held -= 1;
      }
      return retryAfterSeconds;
    },
  };
}

/** Before the answer to the n-th wrong token in a minute: 0, then 250 ms, doubling up to 4 s. */
function delayMs(failures: number): number {
  return failures <= FREE_FAILURES
    ? 0
    : Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - FREE_FAILURES - 1));
}
