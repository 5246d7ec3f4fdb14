import { FEATURES, logOddsOf, sharedOut } from '@aiops-sre/incident-responder/roots/root-model.ts';
import { expect, it } from 'vitest';
import { BELIEVED } from './believed-model.ts';
import { fitModel } from './fit-model.ts';

const nothing = { ...BELIEVED.weights };
for (const name of FEATURES) nothing[name] = 0;
const candidate = (features: Partial<typeof nothing>) => ({
  service: '',
  features: { ...nothing, ...features },
  otherLogOdds: 0,
});
/** The root is the first of two, or neither. */
const lessons = (count: number, first: object, second: object, rootIndex: number | undefined) =>
  Array.from({ length: count }, () => ({
    candidates: [candidate(first), candidate(second)],
    rootIndex,
    weight: 1,
  }));

it('without lessons is what was believed', () => {
  expect(fitModel([])).toEqual(BELIEVED);
});

it('weighs more what told roots from others', () => {
  const { weights } = fitModel(lessons(100, { ownErrors: 0.4 }, { ownDuration: 0.4 }, 0));
  expect(weights.ownErrors).toBeGreaterThan(BELIEVED.weights.ownErrors);
  expect(weights.ownDuration).toBeLessThan(BELIEVED.weights.ownDuration);
  expect(weights.ownSaturation).toBe(BELIEVED.weights.ownSaturation);
});

it('never holds trouble against a candidate, whatever the lessons say', () => {
  const contrary = fitModel(lessons(500, { calm: 1 }, { ownErrors: 1 }, 0));
  expect(contrary.weights.ownErrors).toBe(0);
  expect(contrary.weights.calm).toBeLessThanOrEqual(0);
});

it('is as sure as it was right: seven of ten give 70 %', () => {
  const same = { ownErrors: 0.5 };
  const model = fitModel([...lessons(700, same, {}, 0), ...lessons(300, same, {}, undefined)]);
  const [share] = sharedOut([same, {}].map((each) => logOddsOf({ ...nothing, ...each }, model)));
  expect(share).toBeCloseTo(0.7, 1);
});
