/**
 * The scoring of the Numenta Anomaly Benchmark (NAB v1.1).
 * @see https://github.com/numenta/NAB
 */

const NAB_PROFILES = {
  standard: { truePositive: 1, falsePositive: 0.11, falseNegative: 1 },
  rewardLowFalsePositiveRate: { truePositive: 1, falsePositive: 0.22, falseNegative: 1 },
  rewardLowFalseNegativeRate: { truePositive: 1, falsePositive: 0.11, falseNegative: 2 },
} as const;
export type NabProfile = keyof typeof NAB_PROFILES;

/** First and last moment of a labelled anomaly, Unix seconds, both inclusive. */
export type LabelledWindow = readonly [from: number, to: number];

/** What one series of scores is worth, for adding up over a corpus. */
export interface NabResult {
  /** Sum over detections, unnormalised, by profile. */
  readonly raw: Readonly<Record<NabProfile, number>>;
  readonly windows: number;
  readonly windowsHit: number;
  /** Detections outside every window, those within an hour of the one before counted once. */
  readonly falseAlarms: number;
  /** Days that were judged, the probationary part left out. */
  readonly days: number;
}

const GROUP_SECONDS = 3600;

/** 1 at x = -infinity, 0 at 0, -1 far right: the earlier in a window, or the closer after it, the better. */
function positionScore(x: number): number {
  return x > 3 ? -1 : 2 / (1 + Math.exp(5 * x)) - 1;
}
const BEST_POSITION = positionScore(-1);

/** Rows at the start that are not judged: 15 % of the file, 750 at most. */
export function probationaryRows(rows: number): number {
  return Math.ceil(Math.min(Math.floor(0.15 * rows), 0.15 * 5000));
}

/**
 * @param timestampSeconds of each row, in the file's order
 * @param scores of each row, 0..1
 * @throws {Error} if a window begins or ends at a moment that no row has
 */
export function scoreNab(
  timestampSeconds: readonly number[],
  scores: ArrayLike<number>,
  windows: readonly LabelledWindow[],
  threshold: number,
): NabResult {
  const rows = timestampSeconds.length;
  const { position, windowOf } = placeRows(timestampSeconds, windows);
  const probation = probationaryRows(rows);
  const best = new Float64Array(windows.length).fill(Number.NEGATIVE_INFINITY);
  let outside = 0;
  let falseAlarms = 0;
  let lastFalse = Number.NEGATIVE_INFINITY;
  for (let row = probation; row < rows; row += 1) {
    if (!(scores[row]! >= threshold)) continue;
    const window = windowOf[row]!;
    if (window >= 0) {
      best[window] = Math.max(best[window]!, position[row]!);
      continue;
    }
    outside += position[row]!;
    if (timestampSeconds[row]! - lastFalse > GROUP_SECONDS) falseAlarms += 1;
    lastFalse = timestampSeconds[row]!;
  }
  const hit = best.filter((value) => value > Number.NEGATIVE_INFINITY);
  const inside = hit.reduce((sum, value) => sum + value, 0) / BEST_POSITION;
  const missed = windows.length - hit.length;
  const raw = (profile: NabProfile): number => {
    const { truePositive, falsePositive, falseNegative } = NAB_PROFILES[profile];
    return falsePositive * outside + truePositive * inside - falseNegative * missed;
  };
  return {
    raw: {
      standard: raw('standard'),
      rewardLowFalsePositiveRate: raw('rewardLowFalsePositiveRate'),
      rewardLowFalseNegativeRate: raw('rewardLowFalseNegativeRate'),
    },
    windows: windows.length,
    windowsHit: hit.length,
    falseAlarms,
    days: rows > probation ? (timestampSeconds[rows - 1]! - timestampSeconds[probation]!) / 86_400 : 0,
  };
}

function placeRows(timestampSeconds: readonly number[], windows: readonly LabelledWindow[]) {
  const rows = timestampSeconds.length;
  const position = new Float64Array(rows).fill(-1);
  const windowOf = new Int32Array(rows).fill(-1);
  for (const [window, [from, to]] of windows.entries()) {
    const first = timestampSeconds.indexOf(from);
    const last = timestampSeconds.indexOf(to);
    if (first < 0 || last < 0) throw new Error(`window ${window + 1}: no row at ${first < 0 ? from : to}`);
    const width = last - first + 1;
    for (let row = first; row <= last; row += 1) {
      position[row] = positionScore(-(last - row + 1) / width);
      windowOf[row] = window;
    }
    // Rows after a window count by their distance from it, until the next window overwrites them.
    for (let row = last + 1; row < rows; row += 1) {
      position[row] = width > 1 ? positionScore((row - last) / (width - 1)) : -1;
      windowOf[row] = -1;
    }
  }
  return { position, windowOf };
}

/** 0: as good as silence; 100: every window found at once and nothing else. */
export function normaliseNab(results: readonly NabResult[], profile: NabProfile): number {
  const { truePositive, falseNegative } = NAB_PROFILES[profile];
  const windows = results.reduce((sum, result) => sum + result.windows, 0);
  const raw = results.reduce((sum, result) => sum + result.raw[profile], 0);
  const silence = -falseNegative * windows;
  return (100 * (raw - silence)) / (truePositive * windows - silence);
}

export interface WindowMetrics {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly falseAlarmsPerWeek: number;
}

/** A window with a detection is one hit; a group of detections outside is one false alarm. No point adjustment. */
export function windowMetrics(results: readonly NabResult[]): WindowMetrics {
  const sum = (pick: (result: NabResult) => number) =>
    results.reduce((total, result) => total + pick(result), 0);
  const hits = sum((result) => result.windowsHit);
  const falseAlarms = sum((result) => result.falseAlarms);
  const precision = hits + falseAlarms > 0 ? hits / (hits + falseAlarms) : 0;
  const windows = sum((result) => result.windows);
  const recall = windows > 0 ? hits / windows : 0;
  const f1 = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
  return { precision, recall, f1, falseAlarmsPerWeek: (falseAlarms / sum((result) => result.days)) * 7 };
}
