import type { Observation } from '../observation.ts';

/** Nothing came, and everything answers. */
export const NOTHING: Observation = {
  atSeconds: 1_000_000,
  collector: {
    accepted: { traces: 0, metrics: 0, logs: 0 },
    refused: 0,
    http: {},
    grpc: {},
    beyondBounds: 0,
  },
  onPages: { spans: 0, metrics: false },
  prometheus: {
    spans: undefined,
    series: 0,
    scrapeError: undefined,
    senders: ['storefront'],
    failing: [],
    overflow: false,
  },
  tempo: { recentSeconds: undefined, anySeconds: undefined },
  loki: { recentSeconds: undefined, anySeconds: undefined },
  process: undefined,
};

type Part = 'collector' | 'prometheus';

/** {@link NOTHING}, but for this. */
export function observed(
  changes: Partial<Omit<Observation, Part>> & {
    readonly collector?: Partial<NonNullable<Observation['collector']>>;
    readonly prometheus?: Partial<NonNullable<Observation['prometheus']>>;
  },
): Observation {
  return {
    ...NOTHING,
    ...changes,
    collector: { ...NOTHING.collector!, ...changes.collector },
    prometheus: { ...NOTHING.prometheus!, ...changes.prometheus },
  };
}
