import { logOddsOf, type RootModel, sharedOut } from '@aiops-sre/incident-responder/roots/root-model.ts';
import { fitModel } from './fit-model.ts';
import type { Lesson } from './lessons.ts';

/** How well models do on incidents that they have not learnt from. Ratios 0..1. */
export interface Judgement {
  readonly incidents: number;
  /** The root is first, or among the first three. */
  readonly first: number;
  readonly firstThree: number;
  /** Incidents whose first is given 80 % or more, and how many of those are right. */
  readonly sure: number;
  readonly sureRight: number;
  /** Of calm moments: those where a service is given 80 % or more all the same. */
  readonly calmMoments: number;
  readonly calmSure: number;
  /** By confidence of the first, in fifths: how many, what they claim at the mean, how many are right. */
  readonly calibration: readonly {
    readonly incidents: number;
    readonly claimed: number;
    readonly right: number;
  }[];
}

const SURE = 0.8;
const BINS = 5;

/** Each group of lessons is judged by a model that has learnt from all the others. */
export function crossValidated(lessons: readonly Lesson[], groupOf: (lesson: Lesson) => string): Judgement {
  const groups = Map.groupBy(lessons, groupOf);
  return judged(
    [...groups].flatMap(([group, held]) => {
      const model = fitModel(lessons.filter((lesson) => groupOf(lesson) !== group));
      return held.map((lesson) => answer(lesson, model));
    }),
  );
}

interface Answer {
  readonly calm: boolean;
  readonly confidence: number;
  /** Rank of the root from 0; Infinity where it is no candidate. */
  readonly rank: number;
}

function answer({ candidates, rootIndex, weight }: Lesson, model: RootModel): Answer {
  const shares = sharedOut(
    candidates.map(({ features, otherLogOdds }) => otherLogOdds + logOddsOf(features, model)),
  );
  const own = rootIndex === undefined ? undefined : shares[rootIndex];
  return {
    calm: weight < 1,
    confidence: Math.max(0, ...shares),
    rank: own === undefined ? Number.POSITIVE_INFINITY : shares.filter((share) => share > own).length,
  };
}

function judged(answers: readonly Answer[]): Judgement {
  const [incidents, calm] = [answers.filter((each) => !each.calm), answers.filter((each) => each.calm)];
  const sure = incidents.filter(({ confidence }) => confidence >= SURE);
  const isRight = ({ rank }: Answer) => rank === 0;
  return {
    incidents: incidents.length,
    first: share(incidents, isRight),
    firstThree: share(incidents, ({ rank }) => rank < 3),
    sure: sure.length,
    sureRight: sure.filter(isRight).length,
    calmMoments: calm.length,
    calmSure: calm.filter(({ confidence }) => confidence >= SURE).length,
    calibration: Array.from({ length: BINS }, (_, bin) => {
      const within = incidents.filter(
        ({ confidence }) => Math.min(BINS - 1, Math.floor(confidence * BINS)) === bin,
      );
      return {
        incidents: within.length,
        claimed: rounded(within.reduce((sum, each) => sum + each.confidence, 0) / (within.length || 1)),
        right: within.filter(isRight).length,
      };
    }),
  };
}

const share = (answers: readonly Answer[], holds: (answer: Answer) => boolean): number =>
  rounded(answers.filter(holds).length / (answers.length || 1));
const rounded = (ratio: number): number => Number(ratio.toFixed(3));
