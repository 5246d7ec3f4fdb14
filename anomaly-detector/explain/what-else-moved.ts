import { roughDuration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import { z } from 'zod';
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

/** Siblings that did the same at the same time are one piece of news. */
export const movedToo = z.object({
  title: z.string(),
  /** What tells them from their siblings; those beyond {@link MOST_NAMED} are only counted. */
  instances: z.array(z.string()),
  moreInstances: z.number(),
  direction: z.enum(['above', 'below', 'stuck', 'missing']),
  /** How much later than the anomaly it began, negative for earlier; 0 within a minute. */
  laterSeconds: z.number(),
});
type AlsoMoved = { readonly news: readonly z.output<typeof movedToo>[]; readonly more: number };

/** The series whose anomalies began or lasted at the same time, the earliest first, which may be nearest to the cause. */
export function whatElseMoved(
  subject: Subject,
  episode: Episode,
  movements: readonly Movement[],
): { news: z.output<typeof movedToo>[]; more: number } {
  const moved = movements.filter(
    (other) => other.subject.series !== subject.series && overlaps(other.episode, episode),
  );
  const news = Map.groupBy(moved, ({ subject: { rule }, episode: its }) =>
    [rule.title, its.direction, orderInWords(laterSeconds(its, episode))].join('\n'),
  );
  return {
    news: [...news.values()].slice(0, MOST_NAMED).map((same) => {
      const [{ subject: first, episode: its }] = same as [Movement];
      const own = same
        .map(({ subject: one }) => distinguishing(one).join(' '))
        .filter((instance) => instance !== '');
      return {
        title: first.rule.title,
        instances: own.slice(0, MOST_NAMED),
        moreInstances: Math.max(0, own.length - MOST_NAMED),
        direction: its.direction,
        laterSeconds: laterSeconds(its, episode),
      };
    }),
    more: Math.max(0, news.size - MOST_NAMED),
  };
}

/** `Rate of a route (/api/users): lower, at the same time; Latency: higher, 4 min later.` */
export function movedTooInWords({ news, more }: AlsoMoved): string {
  if (news.length === 0) return 'no other watched series.';
  const named = news.map(
    (one) =>
      `${one.title}${instancesOf(one)}: ${DIRECTIONS[one.direction]}, ${orderInWords(one.laterSeconds)}`,
  );
  return `${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`;
}

function laterSeconds({ startsAtSeconds }: Episode, { startsAtSeconds: ownStart }: Episode): number {
  const later = startsAtSeconds - ownStart;
  return Math.abs(later) <= SAME_MOMENT_SECONDS ? 0 : later;
}

function orderInWords(later: number): string {
  return later === 0
    ? 'at the same time'
    : `${roughDuration(Math.abs(later))} ${later < 0 ? 'earlier' : 'later'}`;
}

/** ` (/api/users, /api/orders and 3 more)`, or nothing where the title says it all. */
function instancesOf({ instances, moreInstances }: AlsoMoved['news'][number]): string {
  if (instances.length === 0) return '';
  return ` (${instances.join(', ')}${moreInstances > 0 ? ` and ${moreInstances} more` : ''})`;
}

function overlaps(a: Episode, b: Episode): boolean {
  const endOf = (episode: Episode) => episode.endedAtSeconds ?? Number.POSITIVE_INFINITY;
  return (
    Math.abs(a.startsAtSeconds - b.startsAtSeconds) <= TOGETHER_SECONDS ||
    (a.startsAtSeconds <= endOf(b) && b.startsAtSeconds <= endOf(a))
  );
}
