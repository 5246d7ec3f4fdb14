import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import { roughDuration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import { nameOf, type Subject } from '../explain/movement.ts';
import { moment, quantity } from '../explain/quantity.ts';
import type { Prediction } from '../predict/breach-watch.ts';
import type { Alert } from './alert.ts';
import { type AlertContext, identityLabels, linkAnnotations } from './anomaly-alert.ts';

/** The alert on a limit that a series is about to cross. */
export function predictionAlert(
  subject: Subject,
  prediction: Prediction,
  context: Omit<AlertContext, 'movements'>,
): Alert {
  const { rule, series } = subject;
  const { limit, breachAtSeconds, value } = prediction;
  const percent = Math.round(prediction.probability * 100);
  const where = `${limit.side} ${quantity(limit.value, rule.unit)}`;
  const when =
    breachAtSeconds === undefined
      ? 'no longer'
      : `in about ${roughDuration(breachAtSeconds - series.lastMomentSeconds)}`;
  return {
    labels: { ...identityLabels(subject, ALERTS.predictedBreach, limit.severity), limit: limit.name },
    annotations: {
      summary:
        prediction.endedAtSeconds === undefined
          ? `${nameOf(subject)} is likely to be ${where} ${when}`
          : `${nameOf(subject)} is no longer likely to be ${where}`,
      description: [
        `The value is ${quantity(value, rule.unit)} now.`,
        breachAtSeconds === undefined
          ? `The forecast does not say ${where} any more.`
          : `If it goes on as it drifts and with its seasons, it is ${where} at ${moment(breachAtSeconds, context.timeZone)} (${context.timeZone}).`,
        `Probability within ${roughDuration(limit.withinSeconds)}: ${percent} %.`,
        'This is a forecast, not a fact: it takes itself back when it stops being likely.',
      ].join(' '),
      ...linkAnnotations(subject, ALERTS.predictedBreach, context.links),
    },
    startsAtSeconds: prediction.startsAtSeconds,
    endedAtSeconds: prediction.endedAtSeconds,
  };
}
