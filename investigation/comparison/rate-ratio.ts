import { logChoose } from './log-choose.ts';

/**
 * The exact conditional test of two Poisson rates, one-sided: the probability that so many of all events, `events` and
 * `otherEvents`, fall to the first group by chance where each group's rate of events for its size is alike: a binomial tail.
 * Equals R's poisson.test(c(events, otherEvents), c(size, otherSize), alternative = "greater").
 *
 * @see Przyborowski, Wilenski, "Homogeneity of results in testing samples from Poisson series" (1940)
 */
export function rateRatioTest(events: number, size: number, otherEvents: number, otherSize: number): number {
  const all = events + otherEvents;
  const share = size / (size + otherSize);
  let probability = 0;
  for (let k = events; k <= all; k += 1) {
    const term = Math.exp(logChoose(all, k) + k * Math.log(share) + (all - k) * Math.log(1 - share));
    probability += term;
    // Beyond the mode the terms only shrink.
    if (term < probability * 1e-12 && k > all * share) break;
  }
  return Math.min(1, probability);
}
