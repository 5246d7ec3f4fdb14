import { FAILURE_CYCLE } from '@aiops-sre/conventions/services.ts';

export interface FailureFactorOptions {
  /** 0..1, while failing. */
  readonly factor: number;
  /** Whether failing comes in phases; else it is always on. */
  readonly cycles: boolean;
}

/** Share of documents that fail at this time, 0..1. An instance that cycles fails at the start of each period only. */
export function failureFactorAt({ factor, cycles }: FailureFactorOptions, timestampMs: number): number {
  const phaseSeconds = (timestampMs / 1000) % FAILURE_CYCLE.periodSeconds;
  return !cycles || phaseSeconds < FAILURE_CYCLE.failingSeconds ? factor : 0;
}
