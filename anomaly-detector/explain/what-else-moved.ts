import { roughDuration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import type { Episode } from '../watch/episode.ts';
import { distinguishing, type Movement, type Subject } from './movement.ts';

/** Others are named up to this many, so that an alert stays readable when everything moves at once. */
const MOST_NAMED = 5;
/** Anomalies that began within this time of each other may have one cause. */
const TOGETHER_SECONDS = 600;
/** Closer than this the order of two starts says nothing: it may be a matter of their windows. */
const SAME_MOMENT_SECONDS = 60;

const DIRECTIONS: Readonly<Record<Episode['direction'], string>> = {
  above: 'higher',
  below: 'lower',
  stuck: 'stuck',
  missing: 'vanished',
};

/** The series whose anomalies began or lasted at the same time, the earliest first, which may be nearest to the cause. */
export function whatElseMoved(subject: Subject, episode: Episode, movements: readonly Movement[]): string {
  const moved = movements.filter(
    (other) => other.subject.series !== subject.series && overlaps(other.episode, episode),
  );
  if (moved.length === 0) return 'no other watched series.';
  // Siblings that did the same at the same time are one piece of news.
  const news = Map.groupBy(moved, ({ subject: { rule }, episode: its }) =>
    [rule.title, DIRECTIONS[its.direction], orderOf(its, episode)].join('\n'),
  );
  const named = [...news].slice(0, MOST_NAMED).map(([key, same]) => {
    const [title, direction, order] = key.split('\n');
    return `${title}${instancesOf(same)}: ${direction}, ${order}`;
  });
  const more = news.size > MOST_NAMED ? `; and ${news.size - MOST_NAMED} more` : '';
  return `${named.join('; ')}${more}.`;
}

function orderOf({ startsAtSeconds }: Episode, { startsAtSeconds: ownStart }: Episode): string {
  const later = startsAtSeconds - ownStart;
  return Math.abs(later) <= SAME_MOMENT_SECONDS
    ? 'at the same time'
    : `${roughDuration(Math.abs(later))} ${later < 0 ? 'earlier' : 'later'}`;
}

/** ` (/api/users, /api/orders and 3 more)`, or nothing where the title says it all. */
function instancesOf(same: readonly Movement[]): string {
  const own = same.map(({ subject }) => distinguishing(subject).join(' ')).filter((text) => text !== '');
  if (own.length === 0) return '';
  const more = own.length > MOST_NAMED ? ` and ${own.length - MOST_NAMED} more` : '';
  return ` (${own.slice(0, MOST_NAMED).join(', ')}${more})`;
}

function overlaps(a: Episode, b: Episode): boolean {
  const endOf = (episode: Episode) => episode.endedAtSeconds ?? Number.POSITIVE_INFINITY;
  return (
    Math.abs(a.startsAtSeconds - b.startsAtSeconds) <= TOGETHER_SECONDS ||
    (a.startsAtSeconds <= endOf(b) && b.startsAtSeconds <= endOf(a))
  );
}
