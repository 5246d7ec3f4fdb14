import { describe, expect, test } from 'vitest';
import { createRandom } from './random.ts';
import { volumeUnderSurface } from './volume-under-surface.ts';

const LABELLED = [
  [200, 219],
  [600, 629],
] as const;
const isLabelled = (row: number) => LABELLED.some(([from, to]) => row >= from && row <= to);
const scored = (score: (row: number) => number) => Array.from({ length: 1000 }, (_, row) => score(row));
const random = createRandom(5);
const noise = scored(() => random.uniform());

function drawn(seed: number) {
  const random = createRandom(seed);
  const labelled: [number, number][] = [];
  for (let at = 20; at < 1300; ) {
    at += random.integer(5, seed * 80);
    const length = random.integer(1, 40);
    if (at + length < 1500) labelled.push([at, at + length - 1]);
    at += length + 3;
  }
  const isNear = (row: number) => labelled.some(([from, to]) => row >= from - 5 && row <= to + 5);
  const scores = Array.from(
    { length: 1500 },
    (_, row) => Math.round(1e3 * (0.6 * random.uniform() + (isNear(row) ? 0.3 : 0))) / 1e3,
  );
  return { scores, labelled };
}

describe('the volume under the surface', () => {
  test('is near 1 for scores that rank what is labelled first, near the labelled share for noise', () => {
    expect(
      volumeUnderSurface(
        scored((row) => (isLabelled(row) ? 1 : 0)),
        LABELLED,
        0,
      ),
    ).toBeCloseTo(1, 2);
    expect(volumeUnderSurface(noise, LABELLED, 0)).toBeLessThan(0.1);
  });

  test('is the average precision where labels are taken at their word', () => {
    // Ranks 1, 3: precision 1 and 2/3 at the two of two rows found, existence 1 throughout.
    const scores = [0.1, 0.9, 0.7, 0.8, 0.2, 0.3];
    const found = volumeUnderSurface(scores, [[1, 2]], 0)!;
    expect(found).toBeCloseTo((1 + 2 / 3) / 2, 6);
  });

  test('grows with scores held over the length of an anomaly, which its first sample alone does not', () => {
    const first = scored((row) => (row === 200 || row === 600 ? 1 : 0.1 * noise[row]!));
    const held = scored((row) => (isLabelled(row) ? 1 : 0.1 * noise[row]!));
    expect(volumeUnderSurface(held, LABELLED)!).toBeGreaterThan(2 * volumeUnderSurface(first, LABELLED)!);
  });

  test('takes a score a few rows late for nearly as good', () => {
    const late = scored((row) => (isLabelled(row - 5) ? 1 : 0.1 * noise[row]!));
    const far = scored((row) => (isLabelled(row - 200) ? 1 : 0.1 * noise[row]!));
    expect(volumeUnderSurface(late, LABELLED)!).toBeGreaterThan(0.7);
    expect(volumeUnderSurface(far, LABELLED)!).toBeLessThan(0.15);
  });

  // Computed by TSB_AD 1.5 (generate_curve) from the same rows.
  test.each([
    [3, 100, 0.889945904],
    [4, 7, 0.52574833],
    [6, 125, 0.854240779],
  ])("is what the authors' own code makes of drawn series %d at a width of %d", (seed, width, expected) => {
    const { scores, labelled } = drawn(seed);
    expect(volumeUnderSurface(scores, labelled, width)).toBeCloseTo(expected, 9);
  });

  test('is undefined where nothing is labelled', () => {
    expect(volumeUnderSurface(noise, [])).toBeUndefined();
  });
});
