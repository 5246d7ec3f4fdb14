import { exampleRule } from '../testing/example-rule.ts';

/** The rule of the load bench. Each poll teaches each model a sample. As small a history as warms its models up, daily and weekly slots of five minutes. */
export function loadRule(seriesCount: number) {
  return exampleRule({
    maxSeries: seriesCount,
    stepSeconds: 300,
    backfill: { historySeconds: 8 * 3600, stepSeconds: 300, windowSeconds: 300, recentSeconds: 3600 },
  });
}
