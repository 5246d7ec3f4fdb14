/**
 * Says whether changes of the model's parameters are worth it on data they were not chosen on.
 *
 *   node bootstrap.mjs anomaly-detector/backtest/leave-one-out.ts --nab DIR --nab-labels FILE --kpi DIR --kpi-labels FILE
 *     [--try 'tailGain=0.13' --try 'a=1,b=2' ...] [--save FILE] [--against FILE]
 *
 * Each set of series is left out in turn: of all candidates the one that gains most on the others is reported on it. A
 * candidate is taken if it gains in the mean of the sets and loses on none more than noise, which is told by drawing the
 * series of the set anew. Changes nothing: it prints, a person decides. A change of the code is judged by saving what the
 * code before it made, and holding the code after it against that.
 */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { print } from '@aiops-sre/service-kit/terminal/print.ts';
import { Command } from 'commander';
import { z } from 'zod';
import { PARAMETERS, type Parameters } from '../model/parameters.ts';
import { ALARM_THRESHOLD } from '../model/series-model.ts';
import { type EventResult, eventF1, scoreEvents } from './event-score.ts';
import { type LabelledSeries, readCsvSeries, readLabelledCorpus } from './labelled-corpus.ts';
import { MADE_FAMILIES, makeFamily } from './made-families.ts';
import { makeCloudSeries } from './made-series.ts';
import { type NabResult, normaliseNab, scoreNab } from './nab-score.ts';
import { createRandom } from './random.ts';
import { replaySeries, scoresOf } from './score-series.ts';
import { volumeUnderSurface } from './volume-under-surface.ts';

interface Judged {
  readonly nab: NabResult;
  readonly events: EventResult;
  /** VUS-PR, 0..1, undefined without events. */
  readonly ranking: number | undefined;
}
/** What was made of each series of each set, in their order. */
type Judgement = readonly (readonly Judged[])[];
/** Series of one origin, and how a candidate is judged on them: what counts differs with how they were labelled. */
interface DataSet {
  readonly name: string;
  readonly series: readonly LabelledSeries[];
  readonly worthOf: (results: readonly Judged[]) => number;
}

const DRAWS = 300;
const nabWorth = (results: readonly Judged[]) =>
  normaliseNab(
    results.map(({ nab }) => nab),
    'standard',
  ) / 100;
const eventWorth = (results: readonly Judged[]) => eventF1(results.map(({ events }) => events));

const kpiLabels = z.record(
  z.string(),
  z.object({ half: z.number(), events: z.array(z.tuple([z.number(), z.number()])) }),
);

async function readSets(given: Flags): Promise<DataSet[]> {
  const sets: DataSet[] = [];
  const nab = await readLabelledCorpus(given.nab, given.nabLabels);
  for (const [name, series] of Map.groupBy(nab, ({ name }) => name.split('/')[0]!))
    if (series.some(({ windows }) => windows.length > 0)) sets.push({ name, series, worthOf: nabWorth });
  const labels = kpiLabels.parse(JSON.parse(await readFile(given.kpiLabels, 'utf8')));
  const kpi = await Promise.all(
    Object.entries(labels).map(async ([name, { half, events }]) => ({
      ...(await readCsvSeries(join(given.kpi, `${name}.csv`), name)),
      windows: events,
      judgedFromSeconds: half,
    })),
  );
  for (const [name, series] of Map.groupBy(kpi, ({ name }) => name.split('/')[0]!))
    sets.push({ name, series, worthOf: eventWorth });
  sets.push({ name: 'made, cloud', series: makeCloudSeries(7, 40), worthOf: eventWorth });
  for (const name of Object.keys(MADE_FAMILIES) as (keyof typeof MADE_FAMILIES)[])
    sets.push({ name: `made, ${name}`, series: makeFamily(name, 7, 24), worthOf: eventWorth });
  return sets;
}

function judge(series: LabelledSeries, parameters: Parameters): Judged {
  const replayed = replaySeries(series, parameters);
  const { timestampSeconds: at, windows, stepSeconds } = series;
  const isKpi = series.judgedFromSeconds !== undefined;
  const fromSeconds = series.judgedFromSeconds ?? at[Math.floor(0.15 * at.length)]!;
  const weeks = (at.at(-1)! - fromSeconds) / 604_800;
  const scores = scoresOf(replayed);
  return {
    ranking: volumeUnderSurface(scores, rowsOf(windows, at)),
    nab: scoreNab(at, scores, isKpi ? [] : windows, ALARM_THRESHOLD),
    events: scoreEvents(replayed.anomalies, windows, { fromSeconds, stepSeconds, weeks }),
  };
}

/** First and last rows of labelled stretches; none where a stretch has no row. */
function rowsOf(windows: LabelledSeries['windows'], at: readonly number[]): (readonly [number, number])[] {
  return windows.flatMap(([from, to]) => {
    const first = at.findIndex((seconds) => seconds >= from);
    const last = at.findLastIndex((seconds) => seconds <= to);
    return first < 0 || last < first ? [] : [[first, last] as const];
  });
}

/** Mean of VUS-PR over the series that have events. */
function rankingOf(results: readonly Judged[]): number {
  return meanOf(results.flatMap(({ ranking }) => ranking ?? []));
}

/** Mean gain over the set, and its standard error over draws of the set's series with replacement. */
function gainOf(set: DataSet, before: readonly Judged[], after: readonly Judged[]) {
  const random = createRandom(1);
  const gains = Array.from({ length: DRAWS }, () => {
    const drawn = before.map(() => random.integer(0, before.length - 1));
    return (
      set.worthOf(drawn.map((index) => after[index]!)) - set.worthOf(drawn.map((index) => before[index]!))
    );
  }).filter(Number.isFinite);
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / gains.length;
  return { gain: set.worthOf(after) - set.worthOf(before), error: Math.sqrt(variance) };
}

const meanOf = (numbers: readonly number[]) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
const points = (worth: number) => (100 * worth).toFixed(1);

function reportGains(sets: readonly DataSet[], name: string, before: Judgement, after: Judgement): number[] {
  const bySet = sets.map((set, index) => gainOf(set, before[index]!, after[index]!));
  const mean = meanOf(bySet.map(({ gain }) => gain));
  const loses = bySet.some(({ gain, error }) => gain < -Math.max(error, 0.005));
  print(
    `${mean > 0 && !loses ? 'TAKE' : 'leave'} ${name}: mean ${points(mean)} | ${bySet.map(({ gain, error }, index) => `${sets[index]!.name} ${points(gain)} (${points(error)})`).join(', ')}`,
  );
  return bySet.map(({ gain }) => gain);
}

async function report(
  sets: readonly DataSet[],
  candidates: readonly (readonly [string, Parameters])[],
  { save, against }: Pick<Flags, 'save' | 'against'>,
): Promise<void> {
  const judgedBy = (parameters: Parameters): Judgement =>
    sets.map(({ series }) => series.map((one) => judge(one, parameters)));
  const now = judgedBy(PARAMETERS);
  if (save) await writeFile(save, JSON.stringify(now));
  for (const [index, set] of sets.entries()) {
    const events = now[index]!.map((one) => one.events);
    const perWeek =
      events.reduce((sum, one) => sum + one.falseAlarms, 0) / events.reduce((sum, one) => sum + one.weeks, 0);
    const found = events.reduce((sum, one) => sum + one.found, 0);
    const all = events.reduce((sum, one) => sum + one.events, 0);
    print(
      `${set.name}: ${points(set.worthOf(now[index]!))}; ${found} of ${all} found, ${perWeek.toFixed(2)} false alarms a series-week; VUS-PR ${points(rankingOf(now[index]!))}`,
    );
  }
  print(`VUS-PR, mean of sets: ${points(meanOf(now.map(rankingOf)))}`);
  if (against) reportGains(sets, 'this code', JSON.parse(await readFile(against, 'utf8')) as Judgement, now);
  const gains = candidates.map(([name, parameters]) => reportGains(sets, name, now, judgedBy(parameters)));
  if (candidates.length === 0) return;
  const leftOut = sets.map((set, out) => {
    const others = gains.map((bySet) => meanOf(bySet.filter((_, index) => index !== out)));
    const best = others.indexOf(Math.max(...others));
    const gain = others[best]! > 0 ? gains[best]![out]! : 0;
    print(
      `left out ${set.name}: ${others[best]! > 0 ? candidates[best]![0] : 'as it is'}, gain ${points(gain)}`,
    );
    return gain;
  });
  print(`mean gain on what was left out: ${points(meanOf(leftOut))}`);
}

function candidateOf(text: string): readonly [string, Parameters] {
  const changes = text.split(',').map((change) => change.split('='));
  for (const [name, value] of changes)
    if (!(name! in PARAMETERS) || !Number.isFinite(Number(value)))
      throw new Error(
        `--try ${text}: expected NAME=NUMBER with a name of parameters.ts, got ${name}=${value}`,
      );
  return [
    text,
    { ...PARAMETERS, ...Object.fromEntries(changes.map(([name, value]) => [name, Number(value)])) },
  ];
}

const flags = z.object({
  nab: z.string(),
  nabLabels: z.string(),
  kpi: z.string(),
  kpiLabels: z.string(),
  try: z.array(z.string()).default([]),
  save: z.string().optional(),
  against: z.string().optional(),
});
type Flags = z.output<typeof flags>;

await new Command('leave-one-out')
  .description('Reports candidates for parameters on series they were not chosen on')
  .requiredOption('--nab <folder>', 'series of the Numenta Anomaly Benchmark')
  .requiredOption('--nab-labels <file>', 'their windows')
  .requiredOption('--kpi <folder>', 'folders WSD and AIOPS of CSV files')
  .requiredOption('--kpi-labels <file>', 'their events')
  .option('--try <changes...>', 'candidates, each NAME=NUMBER,... of parameters.ts')
  .option('--save <file>', 'where to write what this code made of the series')
  .option('--against <file>', 'what other code made of them, to hold this one against')
  .action(async (given: unknown) => {
    const options = flags.parse(given);
    await report(await readSets(options), options.try.map(candidateOf), options);
  })
  .parseAsync();
