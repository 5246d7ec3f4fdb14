import { expect, it } from 'vitest';
import document from './fitted-model.json' with { type: 'json' };
import { FEATURES, FITTED_MODEL, logOddsOf, sharedOut } from './root-model.ts';

const none = Object.fromEntries(FEATURES.map((name) => [name, 0])) as Record<
  (typeof FEATURES)[number],
  number
>;

it('odds are shared out to 1 with what is left for none of them, however large they are', () => {
  expect(sharedOut([])).toEqual([]);
  expect(sharedOut([0])).toEqual([0.5]);
  expect(sharedOut([2000, 2000])).toEqual([0.5, 0.5]);
  expect(sharedOut([-2000])).toEqual([0]);
});

it('more trouble of its own, or less that comes from below, never makes a candidate less probable', () => {
  const at = (features: Partial<typeof none>) => logOddsOf({ ...none, ...features }, FITTED_MODEL);
  for (const name of ['ownErrors', 'ownDuration', 'ownSaturation', 'symptomShare'] as const)
    expect(at({ [name]: 1 }), name).toBeGreaterThanOrEqual(at({ [name]: 0.5 }));
  for (const name of ['causedBelow', 'calm', 'unmeasured', 'leaf', 'address'] as const)
    expect(at({ [name]: 1 }), name).toBeLessThanOrEqual(at({}));
});

it('one trouble alone, of a service that nothing else speaks for, reaches no 80 %', () => {
  const [share] = sharedOut([logOddsOf({ ...none, ownErrors: 0.5 }, FITTED_MODEL)]);
  expect(share).toBeLessThan(0.8);
});

it('what is shipped was right on what was left out wherever it was sure, and calm made it sure of nothing', () => {
  for (const [way, judged] of Object.entries(document.crossValidation)) {
    expect(judged.sureRight / judged.sure, way).toBeGreaterThanOrEqual(0.9);
    expect(judged.calmSure / judged.calmMoments, way).toBeLessThan(0.01);
    expect(judged.first, way).toBeGreaterThanOrEqual(0.8);
  }
});
