import type { RootModel } from '@aiops-sre/incident-responder/roots/root-model.ts';

/**
 * What is believed before any lesson, by judgement: where lessons say nothing of a feature, this stays. The sign of each is
 * kept whatever the lessons say, so that more evidence never speaks against a root.
 */
export const BELIEVED: RootModel = {
  prior: -3,
  weights: {
    ownErrors: 6,
    ownDuration: 6,
    ownSaturation: 6,
    symptomShare: 2,
    causedBelow: -1,
    calm: -3,
    unmeasured: -1.5,
    leaf: -0.7,
    address: -1.5,
  },
};
