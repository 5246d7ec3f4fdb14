import { durationInWords } from '../rules/duration.ts';
import type { Rule } from '../rules/rule.ts';
import type { Episode } from '../watch/episode.ts';
import { type Movement, nameOf, type Subject } from './movement.ts';
import { difference, moment, quantity } from './quantity.ts';

/** An anomaly in words. Every part is plain text for a person on call. */
export type Explanation = {
  readonly summary: string;
  readonly description: string;
  readonly lookFirst: string;
  readonly suggestedActions: string;
};

/** Others are named up to this many, so that an alert stays readable when everything moves at once. */
const MOST_NAMED = 5;
/** Anomalies that began within this time of each other may have one cause. */
const TOGETHER_SECONDS = 600;

/** `movements` are those of all subjects, this one's included. */
export function explain(
  subject: Subject,
  episode: Episode,
  options: { movements: readonly Movement[]; timeZone: string },
): Explanation {
  const { rule } = subject;
  return {
    summary: `${nameOf(subject)} ${headline(rule, episode)}`,
    description: [
      seen(subject, episode, options.timeZone),
      why(subject, options.timeZone),
      howUnusual(subject, episode, options.timeZone),
      together(subject, episode, options.movements),
    ].join(' '),
    lookFirst: rule.lookFirst
      .map(({ what, query }, index) => `${index + 1}. ${what}${query ? `: ${query}` : ''}`)
      .join('\n'),
    suggestedActions: rule.suggestedActions.map((action) => `- ${action}`).join('\n'),
  };
}

function headline(rule: Rule, { direction, peak }: Episode): string {
  if (direction === 'missing') return 'has vanished';
  if (peak === undefined) return 'is not as expected';
  const { value, expected } = peak;
  if (value === 0 && expected > 0) return `dropped to zero, expected ${quantity(expected, rule.unit)}`;
  return `is ${difference(value, expected, rule.unit)} than expected`.replace(
    'as high than expected',
    'as high as expected',
  );
}

function seen({ rule, series }: Subject, episode: Episode, timeZone: string): string {
  const since = moment(episode.startsAtSeconds, timeZone);
  const lasted = durationInWords(
    (episode.endedAtSeconds ?? series.lastMomentSeconds) - episode.startsAtSeconds,
  );
  const span =
    episode.endedAtSeconds === undefined
      ? `Since ${since} (${timeZone}, ${lasted})`
      : `From ${since} (${timeZone}) for ${lasted}`;
  if (episode.direction === 'missing')
    return `${span} it has been off or away: there is no sample of this series after ${moment(series.lastSeenSeconds, timeZone)}, while Prometheus takes in others.`;
  const { observation, value } = series.latest;
  const peak = episode.peak!;
  const interval = `${quantity(peak.lower)} to ${quantity(peak.upper, rule.unit)}`;
  const furthest = `${span} it has been off its expectation, at most at ${moment(peak.timestampSeconds, timeZone)}: seen ${quantity(peak.value, rule.unit)}, expected ${quantity(peak.expected)} (${interval}), ${difference(peak.value, peak.expected, rule.unit)}.`;
  if (episode.endedAtSeconds !== undefined || value === undefined || observation.kind !== 'scored')
    return furthest;
  return `${furthest} The latest value is ${quantity(value, rule.unit)}, expected ${quantity(observation.expected)}.`;
}

const SEASONS: Readonly<Record<Rule['seasonality'], string>> = {
  auto: 'its level and, as far as they help, its daily and weekly rhythm',
  none: 'its level alone',
  daily: 'its level and daily rhythm',
  'daily-and-weekly': 'its level and its daily and weekly rhythm',
};

function why({ rule, series }: Subject, timeZone: string): string {
  const { observation } = series.latest;
  const confidence =
    observation.kind === 'scored' ? ` (confidence ${Math.round(observation.confidence * 100)} %)` : '';
  return `The expectation comes from ${SEASONS[rule.seasonality]}, learnt since ${moment(series.firstSeenSeconds, timeZone)}${confidence}.`;
}

function howUnusual({ series }: Subject, episode: Episode, timeZone: string): string {
  const magnitude =
    episode.peak === undefined || episode.direction === 'missing'
      ? ''
      : ` At its furthest it was ${quantity(episode.peak.magnitude)} times as far off as 95 % of ordinary values are.`;
  const before = series.endedEpisode === episode ? undefined : series.endedEpisode;
  const last =
    before === undefined
      ? 'It has not had an anomaly before.'
      : `Its last anomaly began at ${moment(before.startsAtSeconds, timeZone)} and took ${durationInWords(before.endedAtSeconds! - before.startsAtSeconds)}.`;
  return `Severity ${episode.severity}.${magnitude} ${last}`;
}

function together(subject: Subject, episode: Episode, movements: readonly Movement[]): string {
  const moved = movements.filter(
    (other) => other.subject.series !== subject.series && overlaps(other.episode, episode),
  );
  if (moved.length === 0) return 'No other watched series moved at the same time.';
  const named = moved.slice(0, MOST_NAMED).map((other) => `${other.name} (${other.episode.direction})`);
  const more = moved.length > MOST_NAMED ? ` and ${moved.length - MOST_NAMED} more` : '';
  return `At the same time moved: ${named.join(', ')}${more}.`;
}

function overlaps(a: Episode, b: Episode): boolean {
  const endOf = (episode: Episode) => episode.endedAtSeconds ?? Number.POSITIVE_INFINITY;
  return (
    Math.abs(a.startsAtSeconds - b.startsAtSeconds) <= TOGETHER_SECONDS ||
    (a.startsAtSeconds <= endOf(b) && b.startsAtSeconds <= endOf(a))
  );
}
