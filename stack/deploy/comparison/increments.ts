import { type RangeSeries, sampleValue } from '@aiops-sre/service-kit/prometheus/samples.ts';

/**
 * How much a counter grew within a time, in whole events: `increase` would extrapolate. A restart counts from zero, and so does a
 * series that is born within it. The samples have to begin at `fromSeconds` where the series was there by then.
 */
export function increments(
  samples: RangeSeries['samples'],
  fromSeconds: number,
  toSeconds = Number.POSITIVE_INFINITY,
): number {
  let grown = 0;
  let last = 0;
  for (const [atSeconds, text] of samples) {
    if (atSeconds > toSeconds) break;
    const value = sampleValue(text);
    if (atSeconds > fromSeconds) grown += value >= last ? value - last : value;
    last = value;
  }
  return Math.round(grown);
}
