import type { Rule } from '../rules/rule.ts';
import type { Episode } from '../watch/episode.ts';
import type { WatchedSeries } from '../watch/watched-series.ts';

/** A series with the rule that watches it. */
export type Subject = { readonly rule: Rule; readonly series: WatchedSeries };

/** An episode of a subject, with what people call the subject. */
export type Movement = { readonly subject: Subject; readonly episode: Episode; readonly name: string };

/** The lasting episodes and those that ended after `sinceSeconds`, in order of their start. */
export function movementsOf(all: Iterable<Subject>, sinceSeconds: number): readonly Movement[] {
  const movements: Movement[] = [];
  for (const subject of all) {
    const { episode, endedEpisode } = subject.series;
    for (const one of [endedEpisode, episode])
      if (one !== undefined && (one.endedAtSeconds ?? Number.POSITIVE_INFINITY) > sinceSeconds)
        movements.push({ subject, episode: one, name: nameOf(subject) });
  }
  return movements.sort(
    (a, b) => a.episode.startsAtSeconds - b.episode.startsAtSeconds || (a.name < b.name ? -1 : 1),
  );
}

/** What the series measures and which one it is: `Request rate of a route (GET /api/users)`. */
export function nameOf(subject: Subject): string {
  const own = distinguishing(subject);
  return own.length === 0 ? subject.rule.title : `${subject.rule.title} (${own.join(' ')})`;
}

/** Values of the labels that tell this series from its siblings: no service that the title or an instance names already. */
export function distinguishing({ rule, series }: Subject): string[] {
  const labels = Object.entries(series.labels);
  return labels
    .filter(
      ([name, value]) =>
        name !== 'service' ||
        (value !== rule.service &&
          !labels.some(([other, its]) => other !== name && its.startsWith(`${value}-`))),
    )
    .map(([, value]) => value);
}
