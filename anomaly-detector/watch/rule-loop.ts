import { backoffSeconds } from './backoff.ts';
import type { Poll, RuleWatch } from './rule-watch.ts';

/** Time as the detector sees it; a test brings its own. */
export type Clock = {
  nowSeconds(): number;
  /** Since some moment, by a clock that nobody sets. */
  elapsedSeconds(): number;
  /** Resolves after that time, or at once when `signal` is aborted. */
  sleep(seconds: number, signal: AbortSignal): Promise<void>;
};

/**
 * Polls a rule until `signal` is aborted: on its step, `delaySeconds` after each full one so that samples have
 * arrived, and after a failure sooner or later with backoff. Never rejects.
 */
export async function runRule(options: {
  watch: RuleWatch;
  clock: Clock;
  random: () => number;
  delaySeconds: number;
  signal: AbortSignal;
  onPoll: (poll: Poll, durationSeconds: number) => Promise<void> | void;
  onFailure: (error: Error, failuresInARow: number) => void;
}): Promise<void> {
  const { watch, clock, random, delaySeconds, signal, onPoll, onFailure } = options;
  const { stepSeconds } = watch.rule;
  let failures = 0;
  while (!signal.aborted) {
    const startedAt = clock.nowSeconds();
    try {
      const poll = await watch.poll(startedAt - delaySeconds, signal);
      failures = 0;
      await onPoll(poll, clock.nowSeconds() - startedAt);
      const done = watch.evaluatedUntilSeconds ?? startedAt - delaySeconds;
      await clock.sleep(secondsToNextPoll(done, clock.nowSeconds(), { stepSeconds, delaySeconds }), signal);
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      onFailure(error as Error, failures);
      await clock.sleep(backoffSeconds(failures, random()), signal);
    }
  }
}

/** Until the moment after `evaluatedUntilSeconds` is `delaySeconds` old; 0 when it is already, as after a slow poll. */
export function secondsToNextPoll(
  evaluatedUntilSeconds: number,
  nowSeconds: number,
  { stepSeconds, delaySeconds }: { stepSeconds: number; delaySeconds: number },
): number {
  return Math.max(0, evaluatedUntilSeconds + stepSeconds + delaySeconds - nowSeconds);
}
