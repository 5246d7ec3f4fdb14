/** The rate is looked at anew at least this often; a wait for the next arrival may be cut short without changing the process. */
const LONGEST_LOOK_AHEAD_MS = 1000;

interface ArrivalsOptions {
  /** Arrivals per second right now. */
  readonly ratePerSecond: () => number | Promise<number>;
  readonly onArrival: () => void;
  /** @returns uniform in [0, 1) */
  readonly random: () => number;
}

/**
 * The next arrival of a Poisson process, or where to look again: waiting is memoryless, so that a wait which is cut
 * short and drawn anew follows a changing rate without bias.
 *
 * @param random in [0, 1)
 */
export function nextStep(ratePerSecond: number, random: number): { waitMs: number; arrives: boolean } {
  const waitMs =
    ratePerSecond > 0 ? (-Math.log(1 - random) / ratePerSecond) * 1000 : Number.POSITIVE_INFINITY;
  return waitMs <= LONGEST_LOOK_AHEAD_MS
    ? { waitMs, arrives: true }
    : { waitMs: LONGEST_LOOK_AHEAD_MS, arrives: false };
}

/**
 * Open-loop arrivals: they come at their rate whether or not earlier ones are done with. Steps are laid end to end from
 * a schedule of their own, so that timer delays do not lower the rate.
 *
 * @returns a function that stops them
 */
export function startArrivals({ ratePerSecond, onArrival, random }: ArrivalsOptions): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let dueMs = performance.now();

  async function schedule() {
    const { waitMs, arrives } = nextStep(await ratePerSecond(), random());
    if (stopped) return;
    // After a suspension of the process the missed arrivals are let go, not sent at once.
    dueMs = Math.max(dueMs + waitMs, performance.now() - LONGEST_LOOK_AHEAD_MS);
    timer = setTimeout(
      () => {
        if (arrives) onArrival();
        void schedule();
      },
      Math.max(0, dueMs - performance.now()),
    );
  }
  void schedule();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
