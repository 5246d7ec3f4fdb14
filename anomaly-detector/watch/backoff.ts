const FIRST_SECONDS = 2;
const LONGEST_SECONDS = 60;

/**
 * Seconds to wait after the `failures`-th failure in a row: doubling, and a random half of it, so that many rules and
 * detectors do not all come back in the same moment to a Prometheus that has just recovered.
 * @param random a number in [0, 1)
 */
export function backoffSeconds(failures: number, random: number): number {
  const full = Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** Math.min(failures - 1, 10));
  return full * (0.5 + random / 2);
}
