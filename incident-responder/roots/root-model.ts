import fitted from './fitted-model.json' with { type: 'json' };
import type { RootFeatures } from './root-features.ts';

export const FEATURES = [
  'ownErrors',
  'ownDuration',
  'ownSaturation',
  'symptomShare',
  'causedBelow',
  'calm',
  'unmeasured',
  'leaf',
  'address',
] as const satisfies readonly (keyof RootFeatures)[];
export type Feature = (typeof FEATURES)[number];

/** Log-odds of a candidate against "none of these". */
export interface RootModel {
  readonly prior: number;
  readonly weights: Readonly<Record<Feature, number>>;
}

export function logOddsOf(features: RootFeatures, { prior, weights }: RootModel): number {
  return FEATURES.reduce((sum, feature) => sum + weights[feature] * features[feature], prior);
}

/** Written by `npm run -s lab -- fit-roots`, which says in the file what it was learnt from. */
export const FITTED_MODEL: RootModel = fitted.model;

/** Of each candidate that it is the root; what is missing to 1 is "none of these". */
export function sharedOut(logOdds: readonly number[]): number[] {
  // The largest is taken out of all, "none" (0) included: none of the exponentials overflows.
  const largest = Math.max(0, ...logOdds);
  const odds = logOdds.map((each) => Math.exp(each - largest));
  const total = odds.reduce((sum, each) => sum + each, Math.exp(-largest));
  return odds.map((each) => each / total);
}
