import type { PrometheusClient, RangeAnswer } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { type RangeSeries, sampleValue } from '@aiops-sre/service-kit/prometheus/samples.ts';
import type { SeasonCalendar } from '../calendar/season-calendar.ts';
import { type Rule, withWindow } from '../rules/rule.ts';
import { backfillPasses, type Chunk, lastMomentAt, nextChunk } from './evaluation-grid.ts';
import { labelsFor, openPlaces } from './places.ts';
import type { SavedSeries } from './saved-series.ts';
import { seriesKey } from './series-key.ts';
import { belongsTo, type Shard } from './shard.ts';
import { createWatchedSeries, type Skip, type WatchedSeries } from './watched-series.ts';

/** Why samples were left out; label `reason` of the detector's own counter. */
export const SKIP_REASONS = [
  'not-a-number',
  'infinite',
  'out-of-order',
  'duplicate',
  'off-grid',
  'series-limit',
  'ambiguous-labels',
  'no-service',
  'no-events',
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** A series unseen for longer is forgotten: its seasons would be stale. */
const FORGET_SECONDS = 21 * 86_400;
/** Moments at which a rule's series are counted before its history is read. */
const COUNTING_MOMENTS = 100;
/** A gap longer than this is not replayed: history is read anew. */
const LONGEST_REPLAY_SECONDS = 7 * 86_400;

export type Poll = {
  /** Moments evaluated by this poll; 0 when it came too early. */
  readonly moments: number;
  /** Prometheus said that its answer may be incomplete. */
  readonly warnings: readonly string[];
};

export type RuleWatch = {
  readonly rule: Rule;
  readonly series: ReadonlyMap<string, WatchedSeries>;
  /** Last moment of the grid that is done, or undefined before history was read. */
  readonly evaluatedUntilSeconds: number | undefined;
  /** Series of the latest answer that the rule's limit left out. */
  readonly leftOut: number;
  /**
   * Evaluates every moment since the last one up to `nowSeconds`; the first time, or after a very long gap, reads
   * history. Rejects with a BackendError; what was evaluated before it stays and is not asked for again.
   */
  poll(nowSeconds: number, signal?: AbortSignal): Promise<Poll>;
  save(): { readonly evaluatedUntilSeconds: number; readonly series: readonly SavedSeries[] } | undefined;
};

/** One rule: a query, the series of its answers, and how far they have been evaluated. */
export function createRuleWatch(options: {
  rule: Rule;
  prometheus: Pick<PrometheusClient, 'queryRange'>;
  timeZone: string;
  shard: Shard;
  calendar?: SeasonCalendar | undefined;
  onSkipped: (reason: SkipReason, samples: number) => void;
  saved?: { readonly evaluatedUntilSeconds: number; readonly series: readonly SavedSeries[] };
}): RuleWatch {
  const { rule, prometheus, timeZone, shard, calendar, onSkipped, saved } = options;
  const series = new Map<string, WatchedSeries>(
    saved?.series.map((one) => [
      seriesKey(one.labels),
      createWatchedSeries({ rule, timeZone, labels: one.labels, saved: one, calendar }),
    ]),
  );
  let evaluatedUntilSeconds = saved?.evaluatedUntilSeconds;
  let leftOut = 0;

  /** The series of an answer by key, those of other shards and beyond the limit left out. */
  function admitted(answer: RangeAnswer): ReadonlyMap<string, RangeSeries> {
    const byKey = new Map<string, RangeSeries>();
    const places = openPlaces(rule, series, answer);
    leftOut = 0;
    for (const one of answer.series) {
      const labels = labelsFor(rule, one.labels);
      if (rule.forEach !== undefined) {
        // What has overflowed in the Collector belongs to no service.
        if (labels.service === undefined) {
          onSkipped('no-service', one.samples.length);
          continue;
        }
        if (rule.forEach.except.includes(labels.service)) continue;
      }
      const key = seriesKey(labels);
      if (!belongsTo(shard, `${rule.name}${key}`)) continue;
      if (byKey.has(key)) {
        onSkipped('ambiguous-labels', one.samples.length);
        continue;
      }
      if (!series.has(key)) {
        if (!places.take(labels)) {
          onSkipped('series-limit', one.samples.length);
          leftOut += 1;
          continue;
        }
        series.set(key, createWatchedSeries({ rule, timeZone, labels, calendar }));
      }
      byKey.set(key, one);
    }
    return byKey;
  }

  /** Runs one query and feeds its answer, moment by moment, to every known series, the missing ones included. */
  async function evaluate(chunk: Chunk, windowSeconds: number, isLive: boolean, signal?: AbortSignal) {
    const ask = (query: string) =>
      prometheus.queryRange({ ...chunk, query: withWindow(query, windowSeconds) }, signal);
    const [answer, events] = await Promise.all([ask(rule.query), rule.events && ask(rule.events)]);
    const found = admitted(answer);
    const eventsOf = events ? samplesByKey(events) : undefined;
    const warnings = [...answer.warnings, ...(events ? events.warnings : [])];
    const canMiss = isLive && warnings.length === 0 && rule.vanished === 'anomaly';
    const ingesting =
      canMiss &&
      [...series.keys()].some((key) => countOfMoments(chunk) > (found.get(key)?.samples.length ?? 0))
        ? await momentsWithIngestion(chunk, signal)
        : undefined;
    const skipped = new Map<SkipReason, number>();
    const skip = (reason: SkipReason) => skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
    for (const [key, watched] of series) {
      const samples = found.get(key)?.samples ?? [];
      feed(watched, chunk, { samples, events: eventsOf && (eventsOf.get(key) ?? []) }, ingesting, skip);
    }
    for (const [reason, samples] of skipped) onSkipped(reason, samples);
    if (isLive) evaluatedUntilSeconds = chunk.endSeconds;
    return warnings;
  }

  /** The samples of an answer by the series that its labels name. */
  function samplesByKey(answer: RangeAnswer): ReadonlyMap<string, RangeSeries['samples']> {
    return new Map(answer.series.map((one) => [seriesKey(labelsFor(rule, one.labels)), one.samples]));
  }

  /** Moments at which Prometheus took in samples at all: where it did not, a missing series has not vanished. */
  async function momentsWithIngestion(chunk: Chunk, signal?: AbortSignal): Promise<ReadonlySet<number>> {
    const range = Math.max(chunk.stepSeconds, 60);
    const { series: up } = await prometheus.queryRange(
      { ...chunk, query: `count(count_over_time(up[${range}s]))` },
      signal,
    );
    return new Set(up[0]?.samples.map(([atSeconds]) => atSeconds));
  }

  /** How many series the rule has had at once, sampled over the range: what a chunk of it may bring. */
  async function mostSeries(range: Chunk, windowSeconds: number, signal?: AbortSignal): Promise<number> {
    const { startSeconds, endSeconds } = range;
    const stepSeconds = Math.max(
      range.stepSeconds,
      Math.ceil((endSeconds - startSeconds) / COUNTING_MOMENTS),
    );
    const query = `count(${withWindow(rule.query, windowSeconds)})`;
    const { series: counts } = await prometheus.queryRange(
      { query, startSeconds, endSeconds, stepSeconds },
      signal,
    );
    return Math.max(1, ...(counts[0]?.samples.map(([, count]) => sampleValue(count)) ?? []));
  }

  async function evaluateRange(
    range: Chunk,
    windowSeconds: number,
    seriesCount: number,
    isLive: boolean,
    signal?: AbortSignal,
  ): Promise<string[]> {
    const warnings: string[] = [];
    const answers = rule.events === undefined ? 1 : 2;
    let startSeconds = range.startSeconds;
    for (;;) {
      const chunk = nextChunk({ ...range, startSeconds }, answers * Math.max(seriesCount, series.size));
      if (chunk === undefined || chunk.endSeconds < chunk.startSeconds) return warnings;
      warnings.push(...(await evaluate(chunk, windowSeconds, isLive, signal)));
      startSeconds = chunk.endSeconds + range.stepSeconds;
    }
  }

  async function readHistory(nowSeconds: number, signal?: AbortSignal): Promise<string[]> {
    const { backfill, stepSeconds, windowSeconds } = rule;
    series.clear();
    evaluatedUntilSeconds = undefined;
    const { coarse, recent } = backfillPasses({
      nowSeconds,
      stepSeconds,
      coarseStepSeconds: backfill.stepSeconds,
      historySeconds: backfill.historySeconds,
      recentSeconds: backfill.recentSeconds,
    });
    // Half a history must not pass for a whole one: only here is the rule evaluated until anything.
    const whole = { ...coarse, endSeconds: recent.endSeconds };
    const count = await mostSeries(whole, backfill.windowSeconds, signal);
    const warnings = await evaluateRange(coarse, backfill.windowSeconds, count, false, signal);
    warnings.push(...(await evaluateRange(recent, windowSeconds, count, false, signal)));
    evaluatedUntilSeconds = recent.endSeconds;
    return warnings;
  }

  function forgetStale(nowSeconds: number): void {
    for (const [key, { lastSeenSeconds }] of series)
      if (nowSeconds - lastSeenSeconds > FORGET_SECONDS) series.delete(key);
  }

  return {
    rule,
    series,
    get leftOut() {
      return leftOut;
    },
    get evaluatedUntilSeconds() {
      return evaluatedUntilSeconds;
    },
    async poll(nowSeconds, signal) {
      const { stepSeconds, windowSeconds } = rule;
      const endSeconds = lastMomentAt(nowSeconds, stepSeconds);
      if (
        evaluatedUntilSeconds === undefined ||
        endSeconds - evaluatedUntilSeconds > LONGEST_REPLAY_SECONDS
      ) {
        const warnings = await readHistory(nowSeconds, signal);
        return { moments: 1, warnings };
      }
      const startSeconds = evaluatedUntilSeconds + stepSeconds;
      const range = { startSeconds, endSeconds, stepSeconds };
      const warnings = await evaluateRange(range, windowSeconds, rule.maxSeries, true, signal);
      forgetStale(nowSeconds);
      return { moments: Math.max(0, countOfMoments(range)), warnings };
    },
    save() {
      if (evaluatedUntilSeconds === undefined) return undefined;
      return { evaluatedUntilSeconds, series: [...series.values()].map((one) => one.save()) };
    },
  };
}

function countOfMoments({ startSeconds, endSeconds, stepSeconds }: Chunk): number {
  return Math.floor((endSeconds - startSeconds) / stepSeconds) + 1;
}

/**
 * Walks the grid and the samples side by side. Samples that lie off the grid were not asked for. A share without its number of
 * events says as little as one that is not a number.
 */
function feed(
  watched: WatchedSeries,
  { startSeconds, endSeconds, stepSeconds }: Chunk,
  { samples, events }: { samples: RangeSeries['samples']; events: RangeSeries['samples'] | undefined },
  ingesting: ReadonlySet<number> | undefined,
  skip: (reason: SkipReason) => void,
): void {
  let next = 0;
  const eventsAt = events && new Map(events);
  const skipBefore = (atSeconds: number) => {
    for (; next < samples.length && samples[next]![0] < atSeconds; next += 1)
      skip(next > 0 && samples[next]![0] === samples[next - 1]![0] ? 'duplicate' : 'off-grid');
  };
  for (let atSeconds = startSeconds; atSeconds <= endSeconds; atSeconds += stepSeconds) {
    skipBefore(atSeconds);
    const sample = samples[next];
    const isThere = sample !== undefined && sample[0] === atSeconds;
    if (isThere) next += 1;
    const skipped: Skip | undefined = watched.observe({
      atSeconds,
      stepSeconds,
      value: isThere ? sampleValue(sample[1]) : undefined,
      events: eventsAt && sampleValue(eventsAt.get(atSeconds) ?? 'NaN'),
      missingIsVanished: ingesting?.has(atSeconds) ?? false,
    });
    if (skipped !== undefined) skip(skipped);
  }
  skipBefore(Number.POSITIVE_INFINITY);
}
