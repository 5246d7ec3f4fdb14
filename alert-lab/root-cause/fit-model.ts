import {
  FEATURES,
  type Feature,
  logOddsOf,
  type RootModel,
  sharedOut,
} from '@aiops-sre/incident-responder/roots/root-model.ts';
import { BELIEVED } from './believed-model.ts';
import type { Lesson } from './lessons.ts';

/** Standard deviation of the belief: how far lessons may move a weight. */
const BELIEF_SPREAD = 1;
const STEPS = 200;
const RATE = 0.1;

/**
 * Maximum a posteriori of a conditional logit ("which of these, or none") with a normal prior around what is believed, by
 * projected Adam. Convex, deterministic.
 */
export function fitModel(lessons: readonly Pick<Lesson, 'candidates' | 'rootIndex' | 'weight'>[]): RootModel {
  const names = ['prior', ...FEATURES] as const;
  const believed = names.map((name) => (name === 'prior' ? BELIEVED.prior : BELIEVED.weights[name]));
  const signs = believed.map(Math.sign);
  const point = [...believed];
  const [mean, square] = [names.map(() => 0), names.map(() => 0)];
  for (let step = 1; step <= STEPS; step++) {
    const slope = point.map((value, index) => (value - believed[index]!) / BELIEF_SPREAD ** 2);
    const model = modelOf(point);
    for (const { candidates, rootIndex, weight } of lessons) {
      const shares = sharedOut(
        candidates.map(({ features, otherLogOdds }) => otherLogOdds + logOddsOf(features, model)),
      );
      for (const [index, { features }] of candidates.entries()) {
        const miss = weight * (shares[index]! - (index === rootIndex ? 1 : 0));
        for (const [at, name] of names.entries())
          slope[at]! += miss * (name === 'prior' ? 1 : features[name]);
      }
    }
    for (const at of names.keys()) {
      mean[at] = 0.9 * mean[at]! + 0.1 * slope[at]!;
      square[at] = 0.999 * square[at]! + 0.001 * slope[at]! ** 2;
      const move = mean[at]! / (1 - 0.9 ** step) / (Math.sqrt(square[at]! / (1 - 0.999 ** step)) + 1e-8);
      const moved = point[at]! - RATE * (1 - step / (STEPS + 1)) * move;
      point[at] = moved * signs[at]! > 0 ? moved : 0;
    }
  }
  return modelOf(point);
}

function modelOf([prior = 0, ...weights]: readonly number[]): RootModel {
  return {
    prior,
    weights: Object.fromEntries(FEATURES.map((name, index) => [name, weights[index]!])) as Record<
      Feature,
      number
    >,
  };
}
