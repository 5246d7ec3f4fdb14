import {
  type RootCauseQuestion,
  weighCandidates,
} from '@aiops-sre/incident-responder/incidents/root-cause.ts';
import type { RootFeatures } from '@aiops-sre/incident-responder/roots/root-features.ts';
import { logOddsOf } from '@aiops-sre/incident-responder/roots/root-model.ts';
import { BELIEVED } from './believed-model.ts';
import { CaseError, type RootCase } from './case-file.ts';
import { rootQuestion } from './root-question.ts';

/** One moment to learn from. */
export interface Lesson {
  /** Folder of the case, the signal that alerted and what was the root: what is left out together. */
  readonly set: string;
  readonly signal: string;
  readonly root: string;
  readonly candidates: readonly LessonCandidate[];
  /** Index of the root among the candidates; undefined: none of them. */
  readonly rootIndex: number | undefined;
  /** How much it counts. */
  readonly weight: number;
}

interface LessonCandidate {
  readonly service: string;
  readonly features: RootFeatures;
  /** Log-odds of what is not fitted. */
  readonly otherLogOdds: number;
}

/** A fault shows before it alerts; what is calm ends so long before. */
const CALM_ENDS_BEFORE_SECONDS = 150;
/** Of the calm time: where an alert is imagined. */
const CALM_MOMENTS = [0.7, 0.8, 0.9];
/** False alerts are rarer than true ones. */
const CALM_WEIGHT = 0.2;

/** The incident of a case, and moments before at which an alert would have had no root. @throws CaseError */
export function lessonsOf(set: string, recorded: RootCase, root: string | undefined): Lesson[] {
  if (root === undefined) throw new CaseError(`${set}/truth.json: expected the root of ${recorded.name}`);
  const candidates = candidatesOf(rootQuestion(recorded));
  const rootIndex = candidates.findIndex(({ service }) => service === root);
  const incident: Lesson = {
    set,
    signal: recorded.alert.signal,
    root,
    candidates,
    rootIndex: rootIndex === -1 ? undefined : rootIndex,
    weight: 1,
  };
  return [incident, ...calmLessons(set, recorded, root)];
}

function calmLessons(set: string, recorded: RootCase, root: string): Lesson[] {
  const startSeconds = Math.min(...recorded.series.map((each) => each.startSeconds));
  const calmSeconds = recorded.alert.atSeconds - CALM_ENDS_BEFORE_SECONDS - startSeconds;
  const calm = {
    ...recorded,
    series: recorded.series.map((each) => ({
      ...each,
      values: each.values.slice(
        0,
        Math.floor((startSeconds + calmSeconds - each.startSeconds) / each.stepSeconds),
      ),
    })),
  };
  return CALM_MOMENTS.map((moment) => ({
    set,
    signal: recorded.alert.signal,
    root,
    candidates: candidatesOf(rootQuestion(calm, startSeconds + moment * calmSeconds)),
    rootIndex: undefined,
    weight: CALM_WEIGHT,
  }));
}

function candidatesOf(question: RootCauseQuestion): LessonCandidate[] {
  return weighCandidates(question, BELIEVED).flatMap(({ hypothesis, logOdds, features }) =>
    features === undefined
      ? []
      : [
          {
            service: hypothesis.service,
            features,
            otherLogOdds: logOdds - logOddsOf(features, BELIEVED),
          },
        ],
  );
}
