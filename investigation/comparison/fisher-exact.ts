import { logChoose } from './log-choose.ts';

/**
 * Fisher's exact test, one-sided: the probability that a share as high as `hits` of `size` comes about by chance when
 * the other group has `otherHits` of `otherSize` and both are alike. Whole numbers, hits not above sizes.
 * Equals R's fisher.test(matrix(c(hits, size - hits, otherHits, otherSize - otherHits), 2), alternative = "greater").
 */
export function fisherExact(hits: number, size: number, otherHits: number, otherSize: number): number {
  const marked = hits + otherHits;
  const total = size + otherSize;
  const denominator = logChoose(total, size);
  let probability = 0;
  for (let k = hits; k <= Math.min(marked, size); k += 1) {
    const term = Math.exp(logChoose(marked, k) + logChoose(total - marked, size - k) - denominator);
    probability += term;
    // Beyond the mode the terms only shrink.
    if (term < probability * 1e-12 && k > (marked * size) / total) break;
  }
  return Math.min(1, probability);
}
