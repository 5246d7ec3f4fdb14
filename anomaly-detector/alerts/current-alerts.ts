import { type Explanation, explanationOf } from '../explain/explanation.ts';
import { isLearning } from '../explain/learning.ts';
import { type Movement, movementsOf, type Subject } from '../explain/movement.ts';
import type { Prediction } from '../predict/breach-watch.ts';
import { type Alert, isDue, RESEND_RESOLVED_SECONDS } from './alert.ts';
import { type AlertContext, anomalyAlert } from './anomaly-alert.ts';
import { isCovered } from './coverage.ts';
import { predictionAlert } from './prediction-alert.ts';

/** A movement that is alerted on, with its alert. */
export type ReportedMovement = Movement & { readonly explanation: Explanation; readonly alert: Alert };

/** What is to be told at a moment. */
export type Report = {
  readonly movements: readonly ReportedMovement[];
  /** The alerts of the movements, and those on limits about to be crossed. */
  readonly alerts: readonly Alert[];
};

/**
 * A breach that shows only once the series is anomalous is part of that alert: its explanation names it. Not of one that is
 * for information, where the limit is a ticket's.
 */
function isToldByAnomaly(
  { rule, series: { episode, endedEpisode } }: Subject,
  { startsAtSeconds, limit }: Prediction,
): boolean {
  return (
    (rule.severity === 'ticket' || limit.severity === 'info') &&
    [episode, endedEpisode].some(
      (one) =>
        one !== undefined &&
        startsAtSeconds >= one.startsAtSeconds &&
        startsAtSeconds <= (one.endedAtSeconds ?? Number.POSITIVE_INFINITY),
    )
  );
}

/** Episodes that ended longer ago neither explain nor cover what happens now. */
const LOOK_BACK_SECONDS = 3600;

/**
 * All that lasts or has lately ended, as a function of what is known of the series: nothing about alerts is remembered
 * apart from that, so a restart or a second detector comes to the same.
 */
export function reportOf(
  all: readonly Subject[],
  nowSeconds: number,
  settings: Omit<AlertContext, 'movements'>,
): Report {
  const movements = movementsOf(all, nowSeconds - LOOK_BACK_SECONDS);
  const context = { ...settings, movements };
  const reported = movements
    .filter(({ episode }) => nowSeconds < (episode.endedAtSeconds ?? nowSeconds) + RESEND_RESOLVED_SECONDS)
    .filter((movement) => !isLearning(movement.subject, movement.episode.startsAtSeconds))
    .filter((movement) => !isCovered(movement, movements))
    .map((movement) => {
      const explanation = explanationOf(movement.subject, movement.episode, context);
      return { ...movement, explanation, alert: anomalyAlert(movement, explanation, context) };
    });
  const predicted = all
    .filter(({ rule }) => rule.limits.length > 0)
    .flatMap((subject) =>
      subject.series
        .predictions()
        .filter((one) => !isToldByAnomaly(subject, one))
        .map((one) => predictionAlert(subject, one, settings)),
    )
    .filter((alert) => isDue(alert, nowSeconds));
  return { movements: reported, alerts: [...reported.map(({ alert }) => alert), ...predicted] };
}
