import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { readSloIndex } from '@aiops-sre/slo/generated/committed-index.ts';
import { z } from 'zod';
import { OpenMetricsFile } from './open-metrics.ts';
import { type Minute, past } from './past.ts';
import { processMemory } from './process-memory.ts';
import {
  type CountedSeries,
  counters,
  failureHistograms,
  latencyHistograms,
  stepHistograms,
} from './series.ts';
import { type RecordedSeries, recordedPast } from './slo-series.ts';

const DAY_SECONDS = 86_400;

/** The live traffic generator's defaults: the past has to join the present. */
export const DEMO_TRAFFIC = { requestsPerSecond: 5, timeZone: 'UTC' } as const;

/** What a 30-day budget averages, and what the detector learns weeks from. */
const DAYS = 35;
/** Samples a minute apart in this last part, two minutes in the rest: a 5m window needs no more. */
const DENSE_DAYS = 7;
/** Below the five minutes that Prometheus looks back, so that lines have no holes. */
const DRAWN_EVERY_MINUTES = 4;
/** The last minutes as densely as the live series are scraped: a short window must not see the seam. */
const FINE_SECONDS = 600;
const FINE_STEP_SECONDS = 5;
/** What dashboards look at, and enough for the detector: histograms have many series. */
const RECENT_DAYS = 2;

const historySchema = z.strictObject({
  fromSeconds: z.number(),
  untilSeconds: z.number(),
  /**
   * Files of samples, and the longest block promtool may make of each, which its name tells too: NAME.DURATION.om.
   * promtool reads the whole file once per block, so long blocks are quick.
   */
  files: z.array(z.strictObject({ path: z.string(), maxBlockDuration: z.string() })),
  /** SLOs that have no past, since they count what it has not. */
  withoutPast: z.array(z.strictObject({ slo: z.string(), reason: z.string() })),
});
export type WrittenHistory = z.infer<typeof historySchema>;
type HistoryFile = WrittenHistory['files'][number];

const SUMMARY_FILE = 'history.json';

/** What {@link writeHistory} left in `folder`. */
export function readWrittenHistory(folder: string): WrittenHistory {
  return historySchema.parse(JSON.parse(readFileSync(join(folder, SUMMARY_FILE), 'utf8')));
}

/**
 * Writes the past as OpenMetrics files into `folder`.
 *
 * @param options.requestsPerSecond of the live traffic generator, mean over a week: the past has to join the present
 */
export function writeHistory(options: {
  readonly folder: string;
  readonly untilSeconds: number;
  readonly requestsPerSecond: number;
  readonly timeZone: string;
}): WrittenHistory {
  mkdirSync(options.folder, { recursive: true });
  const untilSeconds = Math.floor(options.untilSeconds / FINE_STEP_SECONDS) * FINE_STEP_SECONDS;
  const fromSeconds = untilSeconds - DAYS * DAY_SECONDS;
  const denseFrom = untilSeconds - DENSE_DAYS * DAY_SECONDS;
  const fineFrom = untilSeconds - FINE_SECONDS;
  const recentFrom = untilSeconds - RECENT_DAYS * DAY_SECONDS;
  const file = (name: string, maxBlockDuration: string): HistoryFile => ({
    path: join(options.folder, `${name}.${maxBlockDuration}.om`),
    maxBlockDuration,
  });
  const long = file('counters', '162h');
  const recorded = file('recorded', '162h');
  const recent = file('recent', '18h');
  const countersFile = new OpenMetricsFile(long.path);
  const recordedFile = new OpenMetricsFile(recorded.path);
  const recentFile = new OpenMetricsFile(recent.path);
  const counterSeries = counters();
  const latencySeries = latencyHistograms();
  const stepSeries = stepHistograms();
  const memorySeries = processMemory();
  const slos = recordedPast(readSloIndex().slos, [
    ...counterSeries,
    ...latencySeries,
    ...failureHistograms(),
  ]);
  /** A minute's sample, and in the last minutes those in between, as if its events had come evenly. */
  const count = (file: OpenMetricsFile, series: readonly CountedSeries[], minute: Minute, kept: boolean) => {
    const { endSeconds } = minute;
    for (const each of series) {
      const before = each.total;
      each.advance(minute);
      if (!kept) continue;
      for (let ago = endSeconds > fineFrom ? 60 - FINE_STEP_SECONDS : 0; ago > 0; ago -= FINE_STEP_SECONDS) {
        file.sample(
          each.name,
          before + Math.floor(((each.total - before) * (60 - ago)) / 60),
          endSeconds - ago,
        );
      }
      file.sample(each.name, each.total, endSeconds);
    }
  };
  const record = (series: readonly RecordedSeries[], endSeconds: number) => {
    for (const { name, value } of series) {
      const recordedValue = value();
      if (recordedValue !== undefined) recordedFile.sample(name, recordedValue, endSeconds);
    }
  };
  let minutes = 0;
  for (const minute of past({ ...options, fromSeconds, untilSeconds })) {
    const { endSeconds } = minute;
    minutes += 1;
    count(countersFile, counterSeries, minute, endSeconds > denseFrom || minutes % 2 === 0);
    if (endSeconds > recentFrom) {
      count(recentFile, [...latencySeries, ...stepSeries], minute, true);
      for (const { name, valueAt } of memorySeries) recentFile.sample(name, valueAt(endSeconds), endSeconds);
    }
    slos.advance(minute);
    record(slos.averaged, endSeconds);
    // Each of the last minutes: lines must not end before the rules, some every two minutes, are first evaluated.
    if (minutes % DRAWN_EVERY_MINUTES !== 0 && endSeconds <= fineFrom) continue;
    record(slos.drawn, endSeconds);
    recordedFile.sample(METRICS.generatedHistory, 1, endSeconds);
  }
  for (const file of [countersFile, recordedFile, recentFile]) file.close();
  const written: WrittenHistory = {
    fromSeconds,
    untilSeconds,
    files: [long, recorded, recent],
    withoutPast: [...slos.without],
  };
  writeFileSync(join(options.folder, SUMMARY_FILE), JSON.stringify(written));
  return written;
}
