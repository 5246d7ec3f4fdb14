import { seededRandom } from '@aiops-sre/service-kit/random/seeded-random.ts';
import type { Scenario } from './scenario.ts';

/** One instance of a scenario with its values drawn. */
export interface Incident {
  readonly scenario: Scenario;
  readonly errorRatio: number;
  readonly seconds: number;
}

export const TICK_SECONDS = 15;

/** The instances of a scenario: the same ones for the same seed. */
export function incidentsOf(scenario: Scenario): Incident[] {
  const random = seededRandom(scenario.seed);
  return Array.from({ length: scenario.count }, () => {
    const { shape } = scenario;
    const [low, high] = 'errorRatio' in shape ? shape.errorRatio : [0, 0];
    const errorRatio = low + (high - low) * random();
    const minutes = shape.minutes[0] + (shape.minutes[1] - shape.minutes[0]) * random();
    return {
      scenario,
      errorRatio: Number(errorRatio.toPrecision(4)),
      seconds: Math.max(1, Math.round((minutes * 60) / TICK_SECONDS)) * TICK_SECONDS,
    };
  });
}

/** Share of bad events at `tick` of an incident that has one everywhere. */
export function errorRatioAt({ scenario: { shape }, errorRatio }: Incident, tick: number): number {
  if (shape.kind === 'step') return errorRatio;
  if (shape.kind !== 'flapping') return 0;
  const intoCycle = (tick * TICK_SECONDS) % (shape.cycleMinutes * 60);
  return intoCycle < shape.failingMinutes * 60 ? errorRatio : 0;
}

/** Share of a period's error budget that it spends within its worst window of `windowSeconds`, at constant traffic. */
export function budgetShareWithin(
  incident: Incident,
  windowSeconds: number,
  { errorBudget, periodSeconds }: { readonly errorBudget: number; readonly periodSeconds: number },
): number {
  const ticks = incident.seconds / TICK_SECONDS;
  const windowTicks = windowSeconds / TICK_SECONDS;
  let inWindow = 0;
  let most = 0;
  for (let tick = 0; tick < ticks; tick += 1) {
    inWindow += errorRatioAt(incident, tick);
    if (tick >= windowTicks) inWindow -= errorRatioAt(incident, tick - windowTicks);
    most = Math.max(most, inWindow);
  }
  return (most * TICK_SECONDS) / (errorBudget * periodSeconds);
}
