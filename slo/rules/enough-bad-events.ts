import { errorRatio, sloSelector, totalRate } from '@aiops-sre/conventions/slo-series.ts';
import { secondsOf } from '../model/durations.ts';
import type { Slo } from '../model/slo.ts';

/** With fewer failures than this even a total outage does not fire: one or two failed requests prove nothing. */
const FLOOR = 3;
/** Error ratio from which it is an outage, however few events there are. */
const OUTAGE_RATIO = 0.5;

/**
 * Condition that `window` holds the minimum of bad events. Where traffic is too low to ever reach it, half of all
 * events failing is enough, so that the guard cannot hide an outage.
 * @param coverage expression of the share of the window that has data, where the window's rate is a mean over that share
 */
export function enoughBadEvents(slo: Slo, window: string, coverage?: string): string {
  const selector = sloSelector(slo);
  const minimum = slo.options.minimumBadEvents;
  const ratio = `${errorRatio(window)}${selector}`;
  const bad = [
    ratio,
    `${totalRate(window)}${selector}`,
    secondsOf(window),
    ...(coverage ? [coverage] : []),
  ].join(' * ');
  // Half an event of tolerance: rate() extrapolates, so that 3 events may read as 2.99.
  const atLeast = (events: number) => `${bad} > ${events - 0.5}`;
  if (minimum <= FLOOR) return `${atLeast(minimum)}`;
  return `(${atLeast(minimum)} or (${ratio} >= ${OUTAGE_RATIO} and ${atLeast(FLOOR)}))`;
}
