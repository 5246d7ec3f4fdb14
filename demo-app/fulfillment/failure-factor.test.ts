import { FAILURE_CYCLE } from '@aiops-sre/conventions/services.ts';
import { expect, it } from 'vitest';
import { failureFactorAt } from './failure-factor.ts';

const HOUR_START_MS = Date.UTC(2026, 2, 4, 15);

it('is constant without cycles', () => {
  expect(failureFactorAt({ factor: 0.01, cycles: false }, HOUR_START_MS + 40 * 60_000)).toBe(0.01);
});

it('fails in the first ten minutes of each hour with cycles', () => {
  const share = (offsetSeconds: number) =>
    failureFactorAt({ factor: 0.1, cycles: true }, HOUR_START_MS + offsetSeconds * 1000);
  expect([0, 1, FAILURE_CYCLE.failingSeconds - 1].map(share)).toEqual([0.1, 0.1, 0.1]);
  expect([FAILURE_CYCLE.failingSeconds, 1800, FAILURE_CYCLE.periodSeconds - 1].map(share)).toEqual([0, 0, 0]);
});
