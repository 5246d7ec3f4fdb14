const WINDOW_MS = 60_000;
const MAX_FAILURES = 10;

export interface LoginAttempts {
  /** Seconds until the next attempt is looked at; 0 now. */
  waitSeconds(nowMs: number): number;
  failed(nowMs: number): void;
}

/** Ten wrong tokens a minute, whoever sends them: behind a proxy or Docker all come from one address. */
export function createLoginAttempts(): LoginAttempts {
  let failures: number[] = [];
  return {
    waitSeconds(nowMs) {
      failures = failures.filter((atMs) => nowMs - atMs < WINDOW_MS);
      const oldest = failures[0];
      return failures.length < MAX_FAILURES || oldest === undefined
        ? 0
        : Math.ceil((oldest + WINDOW_MS - nowMs) / 1000);
    },
    failed: (nowMs) => void failures.push(nowMs),
  };
}
