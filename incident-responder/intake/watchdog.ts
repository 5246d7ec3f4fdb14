/** How long the Watchdog, an alert that always fires, has not been heard. */
export interface WatchdogState {
  /** Milliseconds since the epoch; null if it was never heard. */
  readonly lastHeardAtMs: number | null;
  /** Since it was last heard; since the start where it never was. */
  readonly ageSeconds: number;
  /** True once nothing was heard for longer than the timeout, counted from this process's start at the earliest. */
  readonly silent: boolean;
}

export interface Watchdog {
  heard(): void;
  state(): WatchdogState;
  stop(): void;
}

export interface WatchdogOptions {
  readonly timeoutMs: number;
  /** From before a restart, milliseconds since the epoch. */
  readonly lastHeardAtMs: number | null;
  readonly onHeard: (atMs: number) => void;
  /** Called once a silence, and once when it ends. */
  readonly onSilent: (state: WatchdogState) => void;
  readonly onBack: (state: WatchdogState) => void;
}

/**
 * A dead man's switch: while Prometheus, its rules and Alertmanager work, they deliver the Watchdog every minute. Silence
 * means that no other alert would come through either.
 */
export function startWatchdog(options: WatchdogOptions): Watchdog {
  const { timeoutMs } = options;
  // Ages are counted by a clock that nobody sets: one set back would let a silence look fresh for as long.
  const startedAt = performance.now();
  let lastHeardAtMs = options.lastHeardAtMs;
  let lastHeardAt = lastHeardAtMs === null ? startedAt : startedAt - Math.max(0, Date.now() - lastHeardAtMs);
  let announcedSilent = false;

  function state(): WatchdogState {
    const now = performance.now();
    return {
      lastHeardAtMs,
      ageSeconds: (now - lastHeardAt) / 1000,
      silent: now - Math.max(lastHeardAt, startedAt) > timeoutMs,
    };
  }

  function announce(): void {
    const current = state();
    if (current.silent === announcedSilent) return;
    announcedSilent = current.silent;
    if (current.silent) options.onSilent(current);
    else options.onBack(current);
  }

  const timer = setInterval(announce, Math.min(5000, Math.max(10, timeoutMs / 4)));
  timer.unref();
  return {
    heard() {
      lastHeardAtMs = Date.now();
      lastHeardAt = performance.now();
      options.onHeard(lastHeardAtMs);
      announce();
    },
    state,
    stop: () => clearInterval(timer),
  };
}
