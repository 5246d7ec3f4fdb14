import { z } from 'zod';
import type { Anomaly } from '../model/anomaly.ts';
import { PARAMETERS, type Parameters } from '../model/parameters.ts';
import {
  ALARM_THRESHOLD,
  type Observation,
  type ScoredObservation,
  type SeriesModel,
} from '../model/series-model.ts';
import type { Rule } from '../rules/rule.ts';
import { createEventChance, savedEventChance } from './event-chance.ts';
import { createFalseAlarmRate, type FalseAlarmRate, savedFalseAlarmRate } from './false-alarm-rate.ts';

/**
 * While an anomaly lasts, a sample is off from this part of the rule's minimum and of the interval's half width on:
 * what hovers about a bound is one anomaly, not one each time it crosses.
 */
const LASTING_SHARE = 0.6;
/** Of a series that is found to be stuck. */
const STUCK_SCORE = 0.6;

export const savedAssessor = z.object({
  learntSlot: z.number(),
  /** The value that the model took for stuck at the latest slot, and since when. */
  stuck: z.object({ value: z.number(), sinceSeconds: z.number() }).optional(),
  samplesOff: z.number(),
  magnitudesOff: z.number(),
  confidence: z.number(),
  /** Of rules that say how many events are behind a ratio. */
  eventChance: savedEventChance.optional(),
  /** Of rules that say how often they may alarm without cause. */
  falseAlarmRate: savedFalseAlarmRate.optional(),
});
export type SavedAssessor = z.output<typeof savedAssessor>;

/** A sample, and what it is to be held against. */
type Assessed = {
  readonly atSeconds: number;
  readonly value: number;
  /** How many events the value is a share of, > 0; undefined: it is no share. */
  readonly events?: number | undefined;
  /** Side of the anomaly that lasts, which is slower to end than it was to begin. */
  readonly open?: Anomaly['direction'] | undefined;
};

export type Assessor = {
  /**
   * Scores the sample. In an observation from here `within` also means: off the interval by less than the rule's
   * minimum, or to the side that the rule does not watch.
   */
  assess(sample: Assessed): Observation;
  /** The series went away: what was in a row is no more. */
  interrupt(): void;
  save(): SavedAssessor;
};

/**
 * Puts a model that learns one sample a seasonal slot at the service of samples that come faster: the first sample of
 * each slot is learnt, the others are held against the forecast. So the model learns live at the pace that history
 * taught it at, and an incident of minutes leaves hardly a trace in it.
 */
export function createAssessor(options: {
  rule: Rule;
  model: SeriesModel;
  saved?: SavedAssessor | undefined;
  parameters?: Parameters | undefined;
}): Assessor {
  const { rule, model, parameters = PARAMETERS } = options;
  const slotSeconds = rule.backfill.stepSeconds;
  let state = options.saved ?? { learntSlot: -1, samplesOff: 0, magnitudesOff: 0, confidence: 0 };
  const wantedRate = rule.expectedFalseAlarmsPerWeek;
  const calibrated =
    wantedRate === undefined ? undefined : createFalseAlarmRate(wantedRate, state.falseAlarmRate);

  const chance =
    rule.events === undefined ? undefined : createEventChance(rule.windowSeconds, state.eventChance);

  function observe({ atSeconds, value, events }: Assessed): Observation {
    const slot = Math.floor(atSeconds / slotSeconds);
    const forecast = slot === state.learntSlot ? model.forecast(atSeconds, events) : undefined;
    if (forecast === undefined) {
      const observation = model.update(atSeconds, value, events);
      if (observation.kind !== 'rejected') state = { ...state, learntSlot: slot };
      if (observation.kind === 'scored') {
        const { confidence, stuckSinceSeconds: since } = observation;
        state = {
          ...state,
          confidence,
          stuck: since === undefined ? undefined : { value, sinceSeconds: since },
        };
      }
      return observation;
    }
    const { expected, lower, upper, tailScale } = forecast;
    const direction = value > upper ? 'above' : value < lower ? 'below' : 'within';
    const { confidence, stuck } = state;
    return {
      kind: 'scored',
      score: 0,
      expected,
      lower,
      upper,
      tailScale,
      confidence,
      direction,
      deviation: value - expected,
      stuckSinceSeconds: stuck?.value === value ? stuck.sinceSeconds : undefined,
    };
  }

  function weighed({ atSeconds, value, open }: Assessed, given: ScoredObservation): ScoredObservation {
    const goesOn = open === sideOf(given) && stillOff(value, given) >= LASTING_SHARE;
    const observation = goesOn ? { ...given, direction: open } : given;
    const share = goesOn ? LASTING_SHARE : 1;
    const direction = isWorthIt(rule, observation, share) ? observation.direction : 'within';
    const magnitude = direction === 'within' ? 0 : magnitudeOf(observation, parameters.lastingTailScales);
    const counts = magnitude >= parameters.lastingMagnitude;
    const samplesOff = counts ? state.samplesOff + 1 : 0;
    const magnitudesOff = counts ? state.magnitudesOff + magnitude : 0;
    state = { ...state, samplesOff, magnitudesOff };
    const isInRow = open === undefined && samplesOff >= parameters.lastingSamples;
    const lasting = isInRow ? lastingScore(magnitudesOff / parameters.lastingSum, calibrated) : 0;
    const { stuckSinceSeconds: since, expected, deviation } = observation;
    // What rests at zero is below what it usually is.
    const isWatched = rule.stuck === 'anomaly' && !(rule.direction === 'above' && deviation === -expected);
    const stuckSinceSeconds = isWatched ? since : undefined;
    const stuck = open === undefined && stuckSinceSeconds !== undefined ? STUCK_SCORE : 0;
    const held = open === undefined ? 0 : heldScore(given, parameters);
    const score = asOftenAsWanted(atSeconds, Math.max(observation.score, lasting));
    return { ...observation, direction, stuckSinceSeconds, score: Math.max(score, stuck, held) };
  }

  /** What chance explains opens no anomaly; one that lasts ends by the interval alone. */
  function withoutChance(
    { atSeconds, value, events, open }: Assessed,
    observation: ScoredObservation,
  ): ScoredObservation {
    if (chance === undefined || events === undefined) return observation;
    const { expected, score } = observation;
    const isChance = chance.explains({ atSeconds, share: value, expected, events });
    if (!isChance || open !== undefined) return { ...observation, events };
    return { ...observation, events, direction: 'within', score: parameters.heldShare * score };
  }

  /** The score at which the series' own past says so is an alarm, if the rule says how often it may be one. */
  function asOftenAsWanted(atSeconds: number, score: number): number {
    if (calibrated === undefined) return score;
    const evidence = score / Math.max(1 - score, Number.EPSILON);
    const { threshold } = calibrated;
    calibrated.note(atSeconds, evidence);
    return evidence / (evidence + threshold);
  }

  return {
    assess(sample) {
      const observation = observe(sample);
      return observation.kind === 'scored'
        ? weighed(sample, withoutChance(sample, observation))
        : observation;
    },
    interrupt() {
      state = { ...state, samplesOff: 0, magnitudesOff: 0 };
    },
    save: () => ({
      ...state,
      ...(chance ? { eventChance: chance.save() } : {}),
      ...(calibrated ? { falseAlarmRate: calibrated.save() } : {}),
    }),
  };
}

const sideOf = ({ deviation }: ScoredObservation) => (deviation > 0 ? 'above' : 'below');

/** @param share of the rule's minimums that is enough */
function isWorthIt(
  rule: Rule,
  { direction, deviation, expected }: ScoredObservation,
  share: number,
): boolean {
  const size = Math.abs(deviation);
  return (
    direction !== 'within' &&
    (rule.direction === 'both' || rule.direction === direction) &&
    size >= share * rule.minimumAbsoluteDeviation &&
    size >= share * rule.minimumRelativeDeviation * Math.abs(expected)
  );
}

/** Distance from the expectation in half widths of the interval on that side, which are at least so many tail scales. */
function magnitudeOf(
  { deviation, expected, lower, upper, tailScale }: ScoredObservation,
  tailScales = 0,
): number {
  const half = Math.max(deviation > 0 ? upper - expected : expected - lower, tailScales * tailScale);
  return half > 0 ? Math.min(Math.abs(deviation) / half, 1e6) : 1e6;
}

/**
 * What rests where the interval ends as the quantity does, as a count at zero, can be no further off. There the other side says how wide
 * the interval would be: zero where next to nothing is expected is back, zero where traffic was is not.
 */
function stillOff(value: number, given: ScoredObservation): number {
  const { deviation, expected, lower, upper } = given;
  if (value !== lower && value !== upper) return magnitudeOf(given);
  const half = Math.max(upper - expected, expected - lower);
  return half > 0 ? Math.abs(deviation) / half : 0;
}

/** While an anomaly lasts: below an alarm, which is of those that open one, and graded by how far off the sample is. */
function heldScore(observation: ScoredObservation, parameters: Parameters): number {
  const magnitude = magnitudeOf(observation, parameters.lastingTailScales);
  const { lastingScore, lastingMagnitude } = parameters;
  return lastingScore + ((ALARM_THRESHOLD - lastingScore) * magnitude) / (magnitude + lastingMagnitude);
}

/** @param evidence >= 0 that samples in a row are off, 1 for an alarm; less counts only where the alarm is calibrated */
function lastingScore(evidence: number, calibrated: FalseAlarmRate | undefined): number {
  if (evidence >= 1) return 1 - 0.5 / evidence;
  return calibrated === undefined ? 0 : 0.5 * evidence;
}
