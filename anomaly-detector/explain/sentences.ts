import { roughDuration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import type { Explanation } from './explanation.ts';
import { countInWords, isNoneUsual, moment, plural, quantity, timeOfDay } from './quantity.ts';
import { movedTooInWords } from './what-else-moved.ts';

/** What moved where, and by how much, in a line for a person on call. */
export function summaryOf(explanation: Explanation): string {
  return `${explanation.what} ${headline(explanation)}`;
}

/** Lines that each begin with what they are about: `Seen:`, `Expected:`, `How unusual:`, ... */
export function descriptionOf(explanation: Explanation): string {
  return [
    `Seen: ${seen(explanation)}`,
    `Expected: ${expected(explanation)}`,
    `Onset: ${onset(explanation)}`,
    `How unusual: ${howUnusual(explanation)}`,
    `What else moved: ${movedTooInWords(explanation.alsoMoved)}`,
    ...ahead(explanation).map((sentence) => `What comes: ${sentence}`),
  ].join('\n');
}

function headline({ direction, observed, unit, endedAtSeconds }: Explanation): string {
  const isOver = endedAtSeconds !== undefined;
  if (direction === 'missing') return isOver ? 'had vanished' : 'has vanished';
  const is = isOver ? 'was' : 'is';
  if (observed === undefined) return `${is} not as expected`;
  if (direction === 'stuck') return `${is} stuck at ${quantity(observed.value, unit)}`;
  if (observed.comparison.kind === 'dropped-to-zero')
    return isOver ? 'had dropped to zero' : `dropped to zero, expected ${quantity(observed.expected, unit)}`;
  if (observed.comparison.kind === 'none-usual')
    return `${is} at ${amount(observed, unit)}, where ${noneUsual(observed)}`;
  return `${is} ${than(observed, unit)} expected`;
}

type Observed = NonNullable<Explanation['observed']>;

/** `3 errors in 2 min`, or `0.4 errors/s` where there are many. */
function amount({ value, comparison }: Observed, unit: string): string {
  if (comparison.kind !== 'none-usual' || comparison.events === undefined) return quantity(value, unit);
  const { count, windowSeconds } = comparison.events;
  const counted = unit.slice(0, -'/s'.length);
  return `${count} ${plural(count, counted)} in ${roughDuration(windowSeconds)}`;
}

const noneUsual = ({ comparison }: Observed) =>
  comparison.kind === 'none-usual' && (comparison.events?.count ?? 0) > 1
    ? 'none are usual'
    : 'none is usual';

/** `67 % lower than`, `3.2 times as high as`, `0.2 s higher than`. */
function than({ value, expected: ordinary, comparison }: Observed, unit: string): string {
  const word = value >= ordinary ? 'higher' : 'lower';
  if (comparison.kind === 'difference')
    return `${quantity(Math.abs(comparison.difference), unit)} ${word} than`;
  const factor = value / ordinary;
  if (factor >= 2) return `${quantity(factor)} times as high as`;
  return `${Math.round(Math.abs(factor - 1) * 100)} % ${word} than`;
}

/** `since 2026-11-21 12:31 UTC (4 min)`, or from when to when. */
function span(explanation: Explanation): string {
  const { startsAtSeconds, endedAtSeconds, endReason, lastedSeconds, timeZone } = explanation;
  const start = moment(startsAtSeconds, timeZone);
  const lasted = roughDuration(lastedSeconds);
  return endedAtSeconds === undefined
    ? `since ${start} ${timeZone} (${lasted})`
    : `from ${start} to ${timeOfDay(endedAtSeconds, timeZone)} ${timeZone} (${lasted}), ${isOver(endReason)}`;
}

function isOver(reason: Explanation['endReason']): string {
  if (reason === 'new-normal') return 'over now: it stays there, which is usual for it from now on';
  return reason === 'gone' ? 'over now: it is taken as gone for good' : 'over now';
}

function seen(explanation: Explanation): string {
  const { direction, observed, last, now, unit, timeZone, endedAtSeconds } = explanation;
  const when = span(explanation);
  if (direction === 'missing') {
    const takes = endedAtSeconds === undefined ? 'takes' : 'took';
    const before = last
      ? ` The last was ${quantity(last.value, unit)} at ${timeOfDay(last.atSeconds, timeZone)}.`
      : '';
    return `no sample ${when}, while Prometheus ${takes} in others.${before}`;
  }
  if (observed === undefined) return `not as expected ${when}.`;
  if (direction === 'stuck') return `${quantity(observed.value, unit)}, the same ${when}.`;
  const compared =
    observed.comparison.kind === 'none-usual'
      ? `where ${noneUsual(observed)}`
      : `${than(observed, unit)} the ${quantity(observed.expected, unit)} expected`;
  const { share } = observed;
  const counted = share ? ` (${share.count} of ${share.of})` : '';
  const furthest = `${amount(observed, unit)}${counted} at its furthest (${timeOfDay(observed.atSeconds, timeZone)}), ${compared}`;
  return `${furthest}${now === undefined ? '' : `; now ${quantity(now, unit)}`}. Off ${when}.`;
}

function expected(explanation: Explanation): string {
  const { expected: ordinary, observed, basis, unit, timeZone } = explanation;
  const since = `${moment(basis.sinceSeconds, timeZone)} ${timeZone}`;
  if (ordinary === undefined)
    return `a sample every ${roughDuration(basis.stepSeconds)}, as there was since ${since}.`;
  const isNothing = observed !== undefined && isNoneUsual(observed.value, ordinary.value);
  const beside = (bound: number) => (isNothing && isNoneUsual(observed.value, bound) ? 0 : bound);
  const confidence =
    basis.confidence === undefined ? '' : ` (confidence ${Math.round(basis.confidence * 100)} %)`;
  const value = isNothing ? 'next to none' : quantity(ordinary.value, unit);
  const interval = between(beside(ordinary.lower), beside(ordinary.upper), unit);
  return `${value}, 95 % prediction interval ${interval}; from ${basisInWords(basis)}, learnt since ${since}${confidence}.`;
}

/** `97.7 to 104 requests/s`; each with its own unit where these differ. */
function between(lower: number, upper: number, unit: string): string {
  const [from, to] = [quantity(lower, unit), quantity(upper, unit)];
  const suffix = / .*$/.exec(to)?.[0] ?? '';
  return `${from.endsWith(suffix) ? from.slice(0, from.length - suffix.length) : from} to ${to}`;
}

function basisInWords({ season, visits, weekday, holiday }: Explanation['basis']): string {
  const level = 'its level of late';
  if (season === 'none') return level;
  if (season === 'level') return `${level}; it has no daily or weekly rhythm to go by`;
  if (season === 'daily') return `${level} and its rhythm of the day (${times(visits, 'day')} at this hour)`;
  const as = holiday === undefined ? '' : `, as of a holiday: ${holiday}`;
  return `${level} and its rhythm of the week (${times(visits, weekday)} at this hour${as})`;
}

/** `three Mondays`. */
const times = (visits: number, name: string) =>
  `${visits >= 30 ? '30 or more' : countInWords(visits)} ${plural(visits, name)}`;

function onset({ onset: { kind, before, vanishedAtSeconds }, unit, timeZone }: Explanation): string {
  if (kind === 'vanished') return 'at once, it was as ever until it was gone.';
  if (kind === 'stood-still') return 'at once, it moved as ever until it stood still.';
  if (before === undefined) return 'not known, there are no samples of shortly before.';
  const then = `${quantity(before.value, unit)} at ${timeOfDay(before.atSeconds, timeZone)}`;
  const how =
    kind === 'gradual'
      ? `gradually, it was on its way already with ${then}`
      : `suddenly, it was still ${then}`;
  const gone =
    vanishedAtSeconds === undefined
      ? ''
      : `; then it vanished, last seen at ${timeOfDay(vanishedAtSeconds, timeZone)}`;
  return `${how}${gone}.`;
}

function howUnusual({ rarity, timeZone }: Explanation): string {
  const { severity, intervals, previous, watchedSeconds } = rarity;
  const history = roughDuration(watchedSeconds);
  const magnitude =
    intervals === undefined
      ? ''
      : ` ${timesOff(intervals)} times as far off as the 95 % prediction interval reaches.`;
  const last =
    previous === undefined
      ? `The first in the ${history} it has been watched.`
      : `Its last one began at ${moment(previous.startsAtSeconds, timeZone)} and took ${roughDuration(previous.lastedSeconds)}; it has been watched for ${history}.`;
  return `severity ${severity}.${magnitude} ${last}`;
}

/** From a thousand on a factor says only that the interval is next to nothing. */
function timesOff(intervals: number): string {
  return intervals > 1000 ? 'more than 1000' : quantity(intervals).replace(/^(\d+)\.\d+$/, '$1');
}

function ahead({ ahead: limits, unit, timeZone }: Explanation): string[] {
  return limits.map(
    ({ side, value, atSeconds, probability }) =>
      `if it goes on like this it is ${side} ${quantity(value, unit)} at about ${timeOfDay(atSeconds, timeZone)} (probability ${Math.round(probability * 100)} %).`,
  );
}
