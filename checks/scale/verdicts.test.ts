import { describe, expect, test } from 'vitest';
import { kept, type OneEngine } from './one-engine.ts';
import { sloStepPassed } from './slo-step.ts';

describe('an engine that lost a replica', () => {
  const engine = (differs: Partial<OneEngine>): OneEngine => ({
    engine: 'Thanos',
    killed: 'thanos-receive-2',
    written: 110,
    acknowledged: 100,
    failed: 10,
    found: 100,
    servedAgainSeconds: 1,
    requestsPerSecond: 200,
    seenByAnother: 0,
    ...differs,
  });

  test.each([
    ['kept what it acknowledged, whatever it refused', {}, true],
    ['lost one', { found: 99 }, false],
    ['acknowledged nothing', { acknowledged: 0, found: 0 }, false],
    ['shows a tenant what is another’s', { seenByAnother: 1 }, false],
  ])('%s', (_, differs, expected) => {
    expect(kept(engine(differs))).toBe(expected);
  });
});

describe('the page of a step', () => {
  test.each([
    ['at the second evaluation, and at thanos-rule with the next', 35, 49.9, true],
    ['at thanos-rule before Prometheus', 35, 32, true],
    ['at thanos-rule two evaluations later', 35, 50.1, false],
    ['at Prometheus too early', 29, 30, false],
    ['at Prometheus too late', 45, 46, false],
  ])('%s', (_, prometheusSeconds, rulerSeconds, expected) => {
    expect(sloStepPassed({ prometheusSeconds, rulerSeconds })).toBe(expected);
  });
});
