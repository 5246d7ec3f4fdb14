import type { Subject } from '../explain/explanation.ts';
import type { Episode } from '../watch/episode.ts';
import type { Alert } from './alert.ts';
import { type AlertContext, anomalyAlert } from './anomaly-alert.ts';
import { isCovered } from './coverage.ts';
import { predictionAlert } from './prediction-alert.ts';

/** An episode that is alerted on, with its alert. */
export type ReportedEpisode = { readonly subject: Subject; readonly episode: Episode; readonly alert: Alert };

/** The lasting and lately ended episodes that raise an alert of their own. */
export function reportedEpisodes(context: AlertContext): readonly ReportedEpisode[] {
  return context.all.flatMap((subject) =>
    [subject.series.episode, subject.series.endedEpisode]
      .filter((episode) => episode !== undefined)
      .filter((episode) => !isCovered(subject, episode, context.all))
      .map((episode) => ({ subject, episode, alert: anomalyAlert(subject, episode, context) })),
  );
}

/**
 * All alerts, lasting and lately ended, as a function of what is known of the series: nothing about alerts is
 * remembered apart from that, so a restart or a second detector comes to the same.
 */
export function currentAlerts(
  context: AlertContext,
  reported: readonly ReportedEpisode[] = reportedEpisodes(context),
): readonly Alert[] {
  const predicted = context.all.flatMap((subject) =>
    subject.series.predictions().map((prediction) => predictionAlert(subject, prediction, context)),
  );
  return [...reported.map(({ alert }) => alert), ...predicted];
}
