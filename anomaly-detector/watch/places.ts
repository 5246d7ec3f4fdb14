import type { RangeAnswer } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import type { RangeSeries } from '@aiops-sre/service-kit/prometheus/samples.ts';
import type { Rule } from '../rules/rule.ts';
import { RESERVED_LABELS } from '../rules/rule-schema.ts';
import { keptLabels, type Labels, seriesKey } from './series-key.ts';
import { GIVE_UP_SECONDS, type WatchedSeries } from './watched-series.ts';

/** The labels by which the rule knows a series of an answer; of a `for_each` the service's is called `service`. */
export function labelsFor({ labels, forEach }: Rule, given: Labels): Labels {
  if (forEach === undefined) return keptLabels(given, labels, RESERVED_LABELS);
  const { [forEach.serviceLabel]: service = '', ...others } = given;
  return keptLabels({ ...others, service }, labels && [...labels, 'service'], RESERVED_LABELS);
}

/**
 * Who is watched, of the series of an answer: `max_series` at most, and of a `for_each` so many services and so many series of
 * each. One that was last seen longest ago gives its place up to one that is there now, as names that churn would else fill
 * all places; one that is in the answer, or whose absence is news yet, keeps it.
 */
export function openPlaces(rule: Rule, series: Map<string, WatchedSeries>, answer: RangeAnswer) {
  const { forEach, maxSeries } = rule;
  const ofService = new Map<string, number>();
  for (const { labels } of series.values()) count(labels, 1);

  function count({ service = '' }: Labels, change: number): void {
    const left = (ofService.get(service) ?? 0) + change;
    if (left === 0) ofService.delete(service);
    else ofService.set(service, left);
  }

  /** What stands in the way of the newcomer, as a choice of those of whom one has to go; undefined: nothing. */
  function fullFor({ service = '' }: Labels): ((other: Labels) => boolean) | undefined {
    const its = ofService.get(service);
    if (forEach !== undefined && its === undefined && ofService.size >= forEach.maxServices)
      return (other) => ofService.get(other.service ?? '') === 1;
    if (forEach !== undefined && its !== undefined && its >= forEach.maxSeriesEach)
      return (other) => other.service === service;
    return series.size >= maxSeries ? () => true : undefined;
  }

  let goneFirst: [string, WatchedSeries][] | undefined;

  /** The series that are gone for good, the one that was last seen longest ago first. */
  function gone(): [string, WatchedSeries][] {
    const lastSeconds = ({ samples }: RangeSeries) => samples.at(-1)?.[0] ?? 0;
    const goneSince =
      answer.series.reduce((last, one) => Math.max(last, lastSeconds(one)), 0) - GIVE_UP_SECONDS;
    const present = new Set(
      answer.series
        .filter((one) => lastSeconds(one) > goneSince)
        .map(({ labels }) => seriesKey(labelsFor(rule, labels))),
    );
    return [...series]
      .filter(([key, one]) => one.lastSeenSeconds <= goneSince && !present.has(key))
      .sort(([, a], [, b]) => a.lastSeenSeconds - b.lastSeenSeconds);
  }

  function makesRoom(mayGo: (labels: Labels) => boolean): boolean {
    goneFirst ??= gone();
    const index = goneFirst.findIndex(([, { labels }]) => mayGo(labels));
    const [given] = index === -1 ? [] : goneFirst.splice(index, 1);
    if (given === undefined) return false;
    count(given[1].labels, -1);
    return series.delete(given[0]);
  }

  return {
    /** Whether the newcomer may be watched; its place is taken then. */
    take(labels: Labels): boolean {
      const mayGo = fullFor(labels);
      if (mayGo !== undefined && !makesRoom(mayGo)) return false;
      count(labels, 1);
      return true;
    },
  };
}
