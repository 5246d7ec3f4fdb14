import { backoffSeconds } from './backoff.ts';
import { lastMomentAt } from './evaluation-grid.ts';
import type { Poll, RuleWatch } from './rule-watch.ts';

/** Time as the detector sees it; a test brings its own. */
export type Clock = {
  nowSeconds(): number;
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
      await clock.sleep(secondsToNextPoll(clock.nowSeconds(), stepSeconds, delaySeconds), signal);
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      onFailure(error as Error, failures);
      await clock.sleep(backoffSeconds(failures, random()), signal);
    }
  }
}

/** Until the next full step is `delaySeconds` old. */
export function secondsToNextPoll(nowSeconds: number, stepSeconds: number, delaySeconds: number): number {
  const last = lastMomentAt(nowSeconds - delaySeconds, stepSeconds);
  return last + stepSeconds + delaySeconds - nowSeconds;
}
