/** Moments at which a rule is evaluated: multiples of its step since the Unix epoch, the same for every detector. */
export function lastMomentAt(seconds: number, stepSeconds: number): number {
  return Math.floor(seconds / stepSeconds) * stepSeconds;
}

/** Consecutive moments, both ends included, at most as many as one range query shall ask for. */
export type Chunk = {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly stepSeconds: number;
};

/** Prometheus refuses more than 11,000 points a series. */
const MAX_POINTS = 10_000;
/** Bounds the memory of one answer: about 100 bytes a sample once parsed. */
const MAX_SAMPLES = 20_000;
/** With very many series memory grows with them anyway, and a query a moment would take forever. */
const FEWEST_POINTS = 10;

/**
 * The next chunk from `startSeconds` on, or undefined when `endSeconds` is before it.
 * @param seriesCount how many series the answer may have at most, >= 1
 */
export function nextChunk(
  range: { startSeconds: number; endSeconds: number; stepSeconds: number },
  seriesCount: number,
): Chunk | undefined {
  const { startSeconds, endSeconds, stepSeconds } = range;
  if (startSeconds > endSeconds) return undefined;
  const wanted = Math.max(FEWEST_POINTS, Math.floor(MAX_SAMPLES / seriesCount));
  const points = Math.min(MAX_POINTS, wanted);
  return {
    startSeconds,
    endSeconds: Math.min(lastMomentAt(endSeconds, stepSeconds), startSeconds + (points - 1) * stepSeconds),
    stepSeconds,
  };
}

const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 7 * DAY_SECONDS;

/** The two passes of a backfill that ends at `nowSeconds`; what a pass of no length covers is left out. */
export function backfillPasses(options: {
  nowSeconds: number;
  stepSeconds: number;
  coarseStepSeconds: number;
  historySeconds: number;
  recentSeconds: number;
}): { readonly coarse: Chunk; readonly recent: Chunk } {
  const { nowSeconds, stepSeconds, coarseStepSeconds, historySeconds, recentSeconds } = options;
  const end = lastMomentAt(nowSeconds, stepSeconds);
  // On full weeks and days, not a while ago: detectors started at different times learn from the same samples.
  const start = lastMomentAt(end - Math.max(historySeconds, recentSeconds), WEEK_SECONDS);
  const block = Math.max(3600, coarseStepSeconds, Math.min(recentSeconds, DAY_SECONDS));
  const boundary = Math.max(start, lastMomentAt(end - recentSeconds, block));
  return {
    coarse: { startSeconds: start, endSeconds: boundary, stepSeconds: coarseStepSeconds },
    recent: { startSeconds: boundary + stepSeconds, endSeconds: end, stepSeconds },
  };
}
