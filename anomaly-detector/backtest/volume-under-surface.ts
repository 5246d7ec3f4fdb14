/** Thresholds that a curve is drawn through: as many ranks of the scores, evenly apart. */
const THRESHOLDS = 250;
/** Samples on which a label may be off, both sides together: curves are drawn for each width from 0 to this. */
const WIDTH_MAX = 100;

/** An anomaly's first and last row. */
type Labelled = readonly [from: number, to: number];

/**
 * VUS-PR: how well scores rank labelled stretches above the rest at every threshold and for every tolerance of the
 * labels' ends, as the volume under precision over recall over that tolerance. It does not know the built-in threshold:
 * it says what a score is worth beside the alarm.
 * @see J. Paparrizos et al.: Volume Under the Surface, PVLDB 15 (11), 2022
 * @param labelled in order, none touching the next
 * @returns 0..1; undefined where nothing is labelled
 */
export function volumeUnderSurface(
  scores: ArrayLike<number>,
  labelled: readonly Labelled[],
  widthMax = WIDTH_MAX,
): number | undefined {
  if (labelled.length === 0 || scores.length === 0) return undefined;
  const { predicted, seenFrom } = rankScores(scores);
  const weights = new Float64Array(scores.length);
  let volume = 0;
  for (let width = 0; width <= widthMax; width += 1)
    volume += areaUnderCurve({ labelled, width, weights, predicted, seenFrom });
  return volume / (widthMax + 1);
}

/** How many rows each threshold predicts, and the first threshold at which each row is predicted. */
function rankScores(scores: ArrayLike<number>) {
  const descending = Float64Array.from(scores).sort().reverse();
  const thresholds = Array.from(
    { length: THRESHOLDS },
    (_, rank) => descending[Math.floor((rank * (descending.length - 1)) / (THRESHOLDS - 1))]!,
  );
  const predicted = new Float64Array(THRESHOLDS);
  const seenFrom = Uint16Array.from(scores, (score) => {
    let [low, high] = [0, THRESHOLDS - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (thresholds[middle]! <= score) high = middle;
      else low = middle + 1;
    }
    predicted[low]! += 1;
    return low;
  });
  return { predicted: addedUp(predicted), seenFrom };
}

/** Average precision where rows up to half of `width` beside an anomaly count in part, the less the further away. */
function areaUnderCurve({
  labelled,
  width,
  weights,
  predicted,
  seenFrom,
}: {
  labelled: readonly Labelled[];
  width: number;
  /** All 0; and again afterwards. */
  weights: Float64Array;
  predicted: Float64Array;
  seenFrom: Uint16Array;
}): number {
  const reach = Math.floor(width / 2);
  const stretches = withMargins(labelled, reach, weights.length);
  for (const [from, to] of labelled)
    for (let distance = 1; distance <= reach; distance += 1) {
      const part = Math.sqrt(1 - distance / width);
      if (from - distance >= 0) weights[from - distance]! += part;
      if (to + distance < weights.length) weights[to + distance]! += part;
    }
  let rows = 0;
  for (const [from, to] of labelled) {
    weights.fill(Number.POSITIVE_INFINITY, from, to + 1);
    rows += to - from + 1;
  }
  const hits = new Float64Array(THRESHOLDS);
  const besideHits = new Float64Array(THRESHOLDS);
  const touched = new Float64Array(THRESHOLDS);
  for (const [from, to] of stretches) {
    let first = THRESHOLDS - 1;
    for (let row = from; row <= to; row += 1) {
      const weight = Math.min(1, weights[row]!);
      const threshold = seenFrom[row]!;
      hits[threshold]! += weight;
      if (weights[row]! < Number.POSITIVE_INFINITY) besideHits[threshold]! += weight;
      if (threshold < first) first = threshold;
    }
    touched[first]! += 1;
    weights.fill(0, from, to + 1);
  }
  addedUp(hits);
  addedUp(besideHits);
  addedUp(touched);
  let area = 0;
  let recallBefore = 0;
  for (let threshold = 0; threshold < THRESHOLDS; threshold += 1) {
    const positives = rows + besideHits[threshold]! / 2;
    const recall = Math.min(1, hits[threshold]! / positives) * (touched[threshold]! / stretches.length);
    area += ((recall - recallBefore) * hits[threshold]!) / predicted[threshold]!;
    recallBefore = recall;
  }
  return area;
}

/** The stretches with rows before and after, those that then touch as one. */
function withMargins(labelled: readonly Labelled[], reach: number, rows: number): readonly Labelled[] {
  const wider: [number, number][] = [];
  for (const [from, to] of labelled) {
    const last = wider.at(-1);
    const start = Math.max(0, from - reach);
    const end = Math.min(rows - 1, to + reach);
    if (last && start <= last[1]) last[1] = end;
    else wider.push([start, end]);
  }
  return wider;
}

/** Each number with all before it, in place. */
function addedUp(numbers: Float64Array): Float64Array {
  for (let index = 1; index < numbers.length; index += 1) numbers[index]! += numbers[index - 1]!;
  return numbers;
}
