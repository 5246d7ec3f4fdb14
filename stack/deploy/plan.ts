import { TESTED } from './comparison/compare-arms.ts';

/** Shares of the traffic that a version on trial can get, percent: the variants of the flag. */
export const SHARES = [1, 5, 10, 25, 50, 100] as const;

/** Looks at each step at most, its last one included. */
export const LOOKS_PER_STEP = 12;

/** How often its bake a step may take until it has seen enough requests. */
const PATIENCE = 5;

export interface Plan {
  /** Percent of the traffic, rising. */
  readonly steps: readonly number[];
  /** How long each step is looked at, at least. */
  readonly bakeMs: number;
  /** Requests of the canary that a step has to have seen. */
  readonly minimumRequests: number;
  /** Chance that a version as good as the stable one is rolled back, at most. */
  readonly alpha: number;
}

/**
 * Of each single test, so that all of a deployment together falsely alarm with `alpha` at most: Bonferroni over all looks of all steps and
 * over what is tested, as every look is one more chance to be wrong.
 */
export const alphaOfTest = ({ alpha, steps }: Plan): number =>
  alpha / (steps.length * LOOKS_PER_STEP * TESTED.length);

export const lookEveryMs = ({ bakeMs }: Plan): number => bakeMs / LOOKS_PER_STEP;

export const limitMs = ({ bakeMs }: Plan): number => bakeMs * PATIENCE;

/** Steps of a deployment that begins with `first` percent: then those of `later` that are more. */
export const stepsFrom = (first: number | undefined, later: readonly number[]): readonly number[] =>
  first === undefined ? later : [first, ...later.filter((each) => each > first)];
