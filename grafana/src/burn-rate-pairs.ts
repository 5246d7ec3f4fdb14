import { readSloIndex } from '@aiops-sre/slo/generated/committed-index.ts';
import { averagedWindows } from '@aiops-sre/slo/model/burn-rate-windows.ts';
import { secondsOf } from '@aiops-sre/slo/model/durations.ts';

/** What the committed rules alert by, with the factors of a period of 30 days; pages first, the quickest of each first. */
export const BURN_RATE_PAIRS = readSloIndex().windows.pairs;

/** Every window of the pairs, from short to long. */
export const BURN_WINDOWS = [...new Set(BURN_RATE_PAIRS.flatMap(({ long, short }) => [long, short]))].sort(
  (a, b) => secondsOf(a) - secondsOf(b),
);

/** Windows that are averaged from minutes: they lag the others by up to three. */
export const LATE_WINDOWS = averagedWindows(BURN_RATE_PAIRS);

/** `14.4 over 5m and 1h, 6 over 30m and 6h`: the conditions of alerts of a severity. */
export function conditionsOf(severity: 'page' | 'ticket'): string {
  return BURN_RATE_PAIRS.filter((pair) => pair.severity === severity)
    .map(({ factor, short, long }) => `${factor} over ${short} and ${long}`)
    .join(', ');
}

/** The factor from which a window meets its half of a page's condition; undefined where it is in none. */
export function pageFactor(window: string): string | undefined {
  return BURN_RATE_PAIRS.find(
    ({ severity, long, short }) => severity === 'page' && (long === window || short === window),
  )?.factor;
}
