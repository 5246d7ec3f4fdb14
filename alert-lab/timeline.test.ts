import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { budgetShareWithin, type Incident, incidentsOf } from './incident.ts';
import { readScenarios, type Scenario, type Shape } from './scenario.ts';
import { isSignificant, SEVERITIES } from './significance.ts';
import { placeIncidents, samplesOf } from './timeline.ts';

const budget = { errorBudget: 0.001, periodSeconds: 30 * 86_400 };
const scenarios = readScenarios(join(import.meta.dirname, 'scenarios'));

function incident(shape: Shape, errorRatio: number, seconds: number): Incident {
  return { scenario: { shape } as Scenario, errorRatio, seconds };
}

describe('the scenarios', () => {
  it('make at least 200 incidents and 100 negatives', () => {
    const negatives = scenarios.filter(
      ({ expect: { page, ticket } }) => page === 'silent' && ticket === 'silent',
    );
    const count = (all: readonly Scenario[]) => all.reduce((sum, scenario) => sum + scenario.count, 0);
    expect(count(negatives)).toBeGreaterThanOrEqual(100);
    expect(count(scenarios) - count(negatives)).toBeGreaterThanOrEqual(200);
  });

  it.each(scenarios)('$name expects what the budget it spends deserves, every time', (scenario) => {
    for (const each of incidentsOf(scenario))
      for (const severity of SEVERITIES)
        expect(isSignificant(each, severity, budget)).toBe(scenario.expect[severity] === 'fires');
  });

  it('are drawn alike from the same seed', () => {
    expect(incidentsOf(scenarios[0]!)).toEqual(incidentsOf(scenarios[0]!));
  });
});

describe('an incident', () => {
  it('that fails everything for 0.72 hours spends the whole budget of 0.1 % in 30 days', () => {
    const outage = incident({ kind: 'step', errorRatio: [1, 1], minutes: [1, 1] }, 1, 2592);
    expect(budgetShareWithin(outage, 86_400, budget)).toBeCloseTo(1, 1);
  });

  it('is an exact number of bad events in the counters', () => {
    const placed = placeIncidents(
      [incident({ kind: 'step', errorRatio: [0.1, 0.1], minutes: [10, 10] }, 0.1, 600)],
      0,
    );
    const [{ startSeconds, endSeconds }] = placed as [(typeof placed)[0]];
    const samples = [...samplesOf(placed, 0)];
    const at = (seconds: number) => samples.find((sample) => sample.seconds === seconds)!;
    expect(endSeconds - startSeconds).toBe(600);
    expect(at(endSeconds).bad - at(startSeconds).bad).toBe(0.1 * 600 * 300);
    expect(at(endSeconds).good - at(startSeconds).good).toBe(0.9 * 600 * 300);
    expect(samples.every(({ seconds }, index) => index === 0 || seconds > samples[index - 1]!.seconds)).toBe(
      true,
    );
  });

  it('that restarts the service loses scrapes and begins its counters again', () => {
    const placed = placeIncidents([incident({ kind: 'restart', minutes: [1, 1] }, 0, 60)], 0);
    const { startSeconds, endSeconds } = placed[0]!;
    const during = [...samplesOf(placed, 0)].filter(
      ({ seconds }) => seconds > startSeconds && seconds <= endSeconds,
    );
    expect(during).toEqual([{ seconds: endSeconds, good: 0, bad: 0 }]);
  });
});
