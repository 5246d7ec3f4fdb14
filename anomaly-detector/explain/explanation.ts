import { roughDuration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import type { Rule } from '../rules/rule.ts';
import type { Episode } from '../watch/episode.ts';
import type { WatchedSeries } from '../watch/watched-series.ts';
import { type Movement, nameOf, type Subject } from './movement.ts';
import { comparison, isNoneUsual, moment, quantity, timeOfDay } from './quantity.ts';
import { whatElseMoved } from './what-else-moved.ts';

/** An anomaly in words. Every part is plain text for a person on call. */
export type Explanation = {
  readonly summary: string;
  /** Lines that each begin with what they are about: `Seen:`, `Expected:`, `How unusual:`, ... */
  readonly description: string;
  readonly lookFirst: string;
  readonly suggestedActions: string;
};

/** `movements` are those of all subjects, this one's included. */
export function explain(
  subject: Subject,
  episode: Episode,
  options: { movements: readonly Movement[]; timeZone: string },
): Explanation {
  const { rule } = subject;
  const { movements, timeZone } = options;
  return {
    summary: `${nameOf(subject)} ${headline(rule, episode)}`,
    description: [
      `Seen: ${seen(subject, episode, timeZone)}`,
      `Expected: ${expected(subject, episode, timeZone)}`,
      `Onset: ${onset(subject, episode, timeZone)}`,
      `How unusual: ${howUnusual(subject, episode, timeZone)}`,
      `What else moved: ${whatElseMoved(subject, episode, movements)}`,
      ...ahead(subject, timeZone).map((sentence) => `What comes: ${sentence}`),
    ].join('\n'),
    lookFirst: rule.lookFirst
      .map(({ what, query }, index) => `${index + 1}. ${what}${query ? `: ${query}` : ''}`)
      .join('\n'),
    suggestedActions: rule.suggestedActions.map((action) => `- ${action}`).join('\n'),
  };
}

function headline(rule: Rule, { direction, peak, endedAtSeconds }: Episode): string {
  const isOver = endedAtSeconds !== undefined;
  if (direction === 'missing') return isOver ? 'had vanished' : 'has vanished';
  const is = isOver ? 'was' : 'is';
  if (direction === 'stuck' && peak) return `${is} stuck at ${quantity(peak.value, rule.unit)}`;
  if (peak === undefined) return `${is} not as expected`;
  const { value, expected: ordinary } = peak;
  if (value === 0 && ordinary > 0)
    return isOver ? 'had dropped to zero' : `dropped to zero, expected ${quantity(ordinary, rule.unit)}`;
  if (isNoneUsual(value, ordinary)) return `${is} at ${quantity(value, rule.unit)}, where none is usual`;
  return `${is} ${comparison(value, ordinary, rule.unit)} expected`;
}

/** `since 2026-11-21 12:31 UTC (4 min)`, or from when to when. */
function span({ series }: Subject, { startsAtSeconds, endedAtSeconds }: Episode, timeZone: string): string {
  const lasted = roughDuration((endedAtSeconds ?? series.lastMomentSeconds) - startsAtSeconds);
  const start = moment(startsAtSeconds, timeZone);
  return endedAtSeconds === undefined
    ? `since ${start} ${timeZone} (${lasted})`
    : `from ${start} to ${timeOfDay(endedAtSeconds, timeZone)} ${timeZone} (${lasted}), over now`;
}

function seen(subject: Subject, episode: Episode, timeZone: string): string {
  const { rule, series } = subject;
  const when = span(subject, episode, timeZone);
  if (episode.direction === 'missing') {
    const { lastScored } = series;
    const last = lastScored
      ? ` The last was ${quantity(lastScored.value, rule.unit)} at ${timeOfDay(lastScored.atSeconds, timeZone)}.`
      : '';
    return episode.endedAtSeconds === undefined
      ? `no sample ${when}, while Prometheus takes in others.${last}`
      : `no sample ${when}, while Prometheus took in others.`;
  }
  const { value, timestampSeconds, expected: ordinary } = episode.peak!;
  if (episode.direction === 'stuck') return `${quantity(value, rule.unit)}, the same ${when}.`;
  const than = isNoneUsual(value, ordinary)
    ? 'where none is usual'
    : `${comparison(value, ordinary, rule.unit)} the ${quantity(ordinary)} expected`;
  const furthest = `${quantity(value, rule.unit)} at its furthest (${timeOfDay(timestampSeconds, timeZone)}), ${than}`;
  const now =
    episode.endedAtSeconds === undefined && series.latest.value !== undefined
      ? `; now ${quantity(series.latest.value, rule.unit)}`
      : '';
  return `${furthest}${now}. Off ${when}.`;
}

const SEASONS: Readonly<Record<WatchedSeries['season'], string>> = {
  level: 'its level of late; it has no daily or weekly rhythm to go by',
  daily: 'its level of late and its rhythm of the day',
  weekly: 'its level of late and its rhythm of the week, this weekday at this hour',
};

function expected({ rule, series }: Subject, { peak, direction }: Episode, timeZone: string): string {
  const since = `${moment(series.firstSeenSeconds, timeZone)} ${timeZone}`;
  if (direction === 'missing')
    return `a sample every ${roughDuration(rule.stepSeconds)}, as there was since ${since}.`;
  const { observation } = series.latest;
  const { expected: ordinary, lower, upper } = observation.kind === 'scored' ? observation : peak!;
  const made = rule.seasonality === 'none' ? 'its level of late' : SEASONS[series.season];
  const nothing = peak !== undefined && isNoneUsual(peak.value, ordinary);
  const beside = (bound: number) => (nothing && isNoneUsual(peak.value, bound) ? 0 : bound);
  return `${nothing ? 'next to none' : quantity(ordinary, rule.unit)}, 95 % prediction interval ${quantity(beside(lower))} to ${quantity(beside(upper), rule.unit)}; from ${made}, learnt since ${since}${confidence(series)}.`;
}

function confidence({ latest: { observation } }: WatchedSeries): string {
  return observation.kind === 'scored' ? ` (confidence ${Math.round(observation.confidence * 100)} %)` : '';
}

function onset({ rule, series }: Subject, episode: Episode, timeZone: string): string {
  if (episode.firstDirection === 'missing') return 'at once, it was as ever until it was gone.';
  if (episode.firstDirection === 'stuck') return 'at once, it moved as ever until it stood still.';
  const before = episode.onset;
  if (before === undefined) return 'not known, there are no samples of shortly before.';
  const then = `${quantity(before.value, rule.unit)} at ${timeOfDay(before.timestampSeconds, timeZone)}`;
  const how =
    before.kind === 'gradual'
      ? `gradually, it was on its way already with ${then}`
      : `suddenly, it was still ${then}`;
  const gone =
    episode.direction === 'missing'
      ? `; then it vanished, last seen at ${timeOfDay(series.lastSeenSeconds, timeZone)}`
      : '';
  return `${how}${gone}.`;
}

function howUnusual({ series }: Subject, episode: Episode, timeZone: string): string {
  const history = roughDuration(series.lastMomentSeconds - series.firstSeenSeconds);
  const magnitude =
    episode.peak === undefined || episode.direction === 'missing' || episode.direction === 'stuck'
      ? ''
      : ` ${timesOff(episode.peak.magnitude)} times as far off as the 95 % prediction interval reaches.`;
  const before = series.endedEpisode === episode ? undefined : series.endedEpisode;
  const last =
    before === undefined
      ? `The first in the ${history} it has been watched.`
      : `Its last one began at ${moment(before.startsAtSeconds, timeZone)} and took ${roughDuration(before.endedAtSeconds! - before.startsAtSeconds)}; it has been watched for ${history}.`;
  return `severity ${episode.severity}.${magnitude} ${last}`;
}

/** From a thousand on a factor says only that the interval is next to nothing. */
function timesOff(magnitude: number): string {
  return magnitude > 1000 ? 'more than 1000' : quantity(magnitude).replace(/^(\d+)\.\d+$/, '$1');
}

/** Limits that it is on its way to cross. */
function ahead({ rule, series }: Subject, timeZone: string): string[] {
  return series
    .predictions()
    .flatMap(({ limit, breachAtSeconds, endedAtSeconds, probability }) =>
      endedAtSeconds !== undefined || breachAtSeconds === undefined
        ? []
        : `if it goes on like this it is ${limit.side} ${quantity(limit.value, rule.unit)} at about ${timeOfDay(breachAtSeconds, timeZone)} (probability ${Math.round(probability * 100)} %).`,
    );
}
