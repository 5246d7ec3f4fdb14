/** A reproducible source of chance. */
export interface Random {
  /** 0 <= x < 1 */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Log-normal with this median; `spread` is the standard deviation of the logarithm. */
  logNormal(median: number, spread: number): number;
  /** Both bounds inclusive. */
  integer(from: number, to: number): number;
  pick<T>(items: readonly T[]): T;
}

/** The same seed gives the same numbers (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const integer = (from: number, to: number): number => from + Math.floor(uniform() * (to - from + 1));
  return {
    uniform,
    normal,
    integer,
    logNormal: (median, spread) => median * Math.exp(spread * normal()),
    pick: (items) => items[integer(0, items.length - 1)]!,
  };
}
