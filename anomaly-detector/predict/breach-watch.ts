import { z } from 'zod';
import type { Forecast, SeriesModel } from '../model/series-model.ts';
import type { Limit, Rule } from '../rules/rule.ts';
import { forecastBreach } from './breach-forecast.ts';
import { createDriftEstimator, savedDrift } from './drift.ts';

/** A limit that the series is on its way to cross, from the moment that was likely until it no longer is. */
export type Prediction = {
  readonly limit: Limit;
  readonly startsAtSeconds: number;
  /** Set when the prediction took itself back. */
  readonly endedAtSeconds?: number | undefined;
  /** Probability, 0..1, at the latest look. */
  readonly probability: number;
  /** When the limit will be crossed; undefined once the forecast no longer says so. */
  readonly breachAtSeconds?: number | undefined;
  /** The value at the latest look. */
  readonly value: number;
};

const outlook = z.object({
  startsAtSeconds: z.number().optional(),
  endedAtSeconds: z.number().optional(),
  probability: z.number(),
  breachAtSeconds: z.number().optional(),
  value: z.number(),
  /** Looks in a row that spoke for the opposite of the present state. */
  opposed: z.number(),
});

export const savedBreachWatch = z.object({
  drift: savedDrift,
  nextSeasonal: z.object({ atSeconds: z.number(), change: z.number() }).optional(),
  outlooks: z.record(z.string(), outlook),
});
export type SavedBreachWatch = z.output<typeof savedBreachWatch>;
type Outlook = z.output<typeof outlook>;

/** Looks in a row that it takes to announce a breach or to take it back. */
const LOOKS_TO_CHANGE = 4;
/** A prediction is taken back only well below the probability that brought it. */
const HYSTERESIS = 0.25;

export type BreachWatch = {
  /** To be told of each sample right before the model learns it. */
  before(atSeconds: number, value: number, model: SeriesModel): void;
  /** And right after. */
  after(atSeconds: number, value: number, model: SeriesModel): void;
  /** Lasting predictions and the ones last taken back. */
  predictions(): readonly Prediction[];
  /** Probability, 0..1, of crossing each limit within its time, at the latest look; none before the first. */
  probabilities(): readonly { readonly limit: Limit; readonly probability: number }[];
  save(): SavedBreachWatch;
};

/** Watches how a series nears the limits of its rule. */
export function createBreachWatch(rule: Rule, saved?: SavedBreachWatch): BreachWatch {
  const { limits, stepSeconds } = rule;
  const drift = createDriftEstimator(saved?.drift);
  const outlooks = new Map<string, Outlook>(Object.entries(saved?.outlooks ?? {}));
  let nextSeasonal = saved?.nextSeasonal;
  return {
    before(atSeconds, value, model) {
      const change = nextSeasonal?.atSeconds === atSeconds ? nextSeasonal.change : undefined;
      drift.add(atSeconds, value, change);
      // Both ends from one state of the model: its level's own pursuit of the drift must not count as season.
      const here = model.forecast(atSeconds);
      const next = model.forecast(atSeconds + stepSeconds);
      const step = here && next ? seasonal(next) - seasonal(here) : Number.NaN;
      nextSeasonal = Number.isFinite(step) ? { atSeconds: atSeconds + stepSeconds, change: step } : undefined;
    },
    after(atSeconds, value, model) {
      const estimate = drift.estimate();
      if (estimate === undefined) return;
      for (const limit of limits) {
        const { probability, breachAtSeconds } = forecastBreach({
          limit,
          nowSeconds: atSeconds,
          stepSeconds,
          value,
          drift: estimate,
          forecast: (moment) => model.forecast(moment),
        });
        const seen = { probability, value, ...(breachAtSeconds === undefined ? {} : { breachAtSeconds }) };
        outlooks.set(limit.name, judged(outlooks.get(limit.name), limit, atSeconds, seen));
      }
    },
    predictions: () =>
      limits.flatMap((limit) => {
        const known = outlooks.get(limit.name);
        return known?.startsAtSeconds === undefined
          ? []
          : [{ ...known, limit, startsAtSeconds: known.startsAtSeconds }];
      }),
    probabilities: () =>
      limits.flatMap((limit) => {
        const known = outlooks.get(limit.name);
        return known === undefined ? [] : [{ limit, probability: known.probability }];
      }),
    save: () => ({
      drift: drift.save(),
      ...(nextSeasonal ? { nextSeasonal } : {}),
      outlooks: Object.fromEntries(outlooks),
    }),
  };
}

function judged(
  before: Outlook | undefined,
  limit: Limit,
  atSeconds: number,
  seen: Pick<Outlook, 'probability' | 'value' | 'breachAtSeconds'>,
): Outlook {
  const { startsAtSeconds, endedAtSeconds, opposed = 0 } = before ?? {};
  const isPredicted = startsAtSeconds !== undefined && endedAtSeconds === undefined;
  const speaksAgainst = isPredicted
    ? seen.probability < limit.probability - HYSTERESIS
    : seen.probability >= limit.probability && !isBeyond(limit, seen.value);
  const span = {
    ...(startsAtSeconds === undefined ? {} : { startsAtSeconds }),
    ...(endedAtSeconds === undefined ? {} : { endedAtSeconds }),
  };
  if (!speaksAgainst) return { ...seen, ...span, opposed: 0 };
  if (opposed + 1 < LOOKS_TO_CHANGE) return { ...seen, ...span, opposed: opposed + 1 };
  return isPredicted
    ? { ...seen, startsAtSeconds, endedAtSeconds: atSeconds, opposed: 0 }
    : { ...seen, startsAtSeconds: atSeconds, opposed: 0 };
}

/** What a trend adds is the drift's to judge. */
const seasonal = ({ expected, trend }: Forecast) => expected - trend;

/** What is there already is not to be predicted. */
function isBeyond(limit: Limit, value: number): boolean {
  return limit.side === 'above' ? value > limit.value : value < limit.value;
}
