import { seededRandom } from '@aiops-sre/service-kit/random/seeded-random.ts';
import type { Signal, SignalSeries } from '../evidence/service-deviations.ts';

export interface Shift {
  readonly service: string;
  readonly signal: Signal;
  readonly before: number;
  readonly after: number;
  /** Of either level, 0..1: how much it scatters at most. */
  readonly scatter?: number;
}

const STEP_SECONDS = 30;
/** An hour before and five minutes since. */
const STEPS = { before: 120, after: 10 } as const;

/** A signal that goes from one level to another at `onsetSeconds`, with some noise, the same on every run. */
export function shiftedSeries(
  { service, signal, before, after, scatter = 0.05 }: Shift,
  onsetSeconds = 0,
): SignalSeries {
  const random = seededRandom(service.length * 31 + signal.length);
  return {
    service,
    signal,
    startSeconds: onsetSeconds - STEPS.before * STEP_SECONDS,
    stepSeconds: STEP_SECONDS,
    values: Array.from(
      { length: STEPS.before + STEPS.after },
      (_, step) => (step < STEPS.before ? before : after) * (1 + scatter * (2 * random() - 1)),
    ),
  };
}
