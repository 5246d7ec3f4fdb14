import type { LabelledSeries } from '@aiops-sre/anomaly-detector/backtest/labelled-corpus.ts';
import type { ToldAnomaly } from './watched-days.ts';

/** An anomaly so near to what is labelled is of it. */
const NEAR_SECONDS = 3600;

/** The anomalies that nothing labelled explains. */
export function falseAlarms(
  told: readonly ToldAnomaly[],
  series: readonly LabelledSeries[],
): readonly ToldAnomaly[] {
  const windowsOf = new Map(series.map(({ name, windows }) => [name, windows]));
  return told.filter(
    ({ labels, startsAtSeconds, endedAtSeconds = Number.POSITIVE_INFINITY }) =>
      !windowsOf
        .get(labels.series ?? '')
        ?.some(([from, to]) => startsAtSeconds <= to + NEAR_SECONDS && endedAtSeconds >= from - NEAR_SECONDS),
  );
}

/** The most that chance makes of so many expected ones in 95 of 100 watches: the quantile of a Poisson distribution. */
export function mostByChance(expected: number): number {
  let count = 0;
  let probability = Math.exp(-expected);
  for (let below = probability; below < 0.95; below += probability) {
    count += 1;
    probability *= expected / count;
  }
  return count;
}
