import { seededRandom } from '@aiops-sre/service-kit/random/seeded-random.ts';
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

/** The same seed gives the same numbers. */
export function createRandom(seed: number): Random {
  const uniform = seededRandom(seed);
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
