import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import type { RuleWatch } from '../watch/rule-watch.ts';
import { labelsOf } from './series-exposition.ts';

/** How the series of these rules near their limits, in Prometheus' text format. */
export function exposeBreaches(watches: readonly RuleWatch[]): string {
  const probabilities: string[] = [];
  const seconds: string[] = [];
  for (const watch of watches)
    for (const series of watch.series.values()) {
      for (const { limit, probability } of series.breachProbabilities())
        probabilities.push(
          `${METRICS.predictedBreachProbability}${labelsOf(watch, series, limit.name)} ${probability}\n`,
        );
      for (const { limit, breachAtSeconds, endedAtSeconds } of series.predictions())
        if (breachAtSeconds !== undefined && endedAtSeconds === undefined)
          seconds.push(
            `${METRICS.predictedBreach}${labelsOf(watch, series, limit.name)} ${breachAtSeconds - series.lastMomentSeconds}\n`,
          );
    }
  return [
    ...headed(
      METRICS.predictedBreachProbability,
      'Probability that the series crosses the limit within the time the rule looks ahead.',
    ),
    ...probabilities,
    ...headed(
      METRICS.predictedBreach,
      'Seconds until the series is likely to cross the limit; absent unless that is predicted.',
    ),
    ...seconds,
  ].join('');
}

function headed(name: string, help: string): string[] {
  return [`# HELP ${name} ${help}\n# TYPE ${name} gauge\n`];
}
