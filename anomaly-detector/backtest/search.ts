/**
 * Looks for better parameters of the model on one part of the data and reports what they are worth on the other.
 *
 *   node backtest/search.ts --data DIR --labels FILE --minutes 10 [--tune even|odd] [--seed 1]
 *
 * Files are split by a hash of their names; made series and added anomalies come from other seeds on the held-out side.
 * Changes nothing: it prints parameters, a person decides.
 */
import { Command } from 'commander';
import { z } from 'zod';
import { PARAMETERS, type Parameters } from '../model/parameters.ts';
import { type LabelledSeries, readLabelledCorpus } from './labelled-corpus.ts';
import { addRecurrentEvents, makeCloudSeries } from './made-series.ts';
import { type NabResult, normaliseNab, scoreNab, windowMetrics } from './nab-score.ts';
import { createRandom } from './random.ts';
import { scoreSeries } from './score-series.ts';

/** Scores at several thresholds around the built-in one are averaged: what only just passes is luck. */
const THRESHOLDS = [0.46, 0.5, 0.5, 0.54];
const FACTORS = [0.5, 0.7, 0.85, 1.2, 1.4, 2];
/** Not for the search to choose: what people are promised, and what the data at hand says nothing about. */
const FIXED = new Set([
  'coverage',
  'quantileRate',
  'warmUpPoints',
  'heldShare',
  'densityPower',
  'tailPower',
  'tailOrder',
  'trendRate',
  'trendDamping',
  'trendErrorRate',
  'trendWorthwhile',
  'trendLooksNeeded',
  'trendHoursMax',
]);

interface Side {
  readonly recorded: readonly LabelledSeries[];
  readonly withEvents: readonly LabelledSeries[];
  readonly made: readonly LabelledSeries[];
}

interface Worth {
  readonly nabStandard: number;
  readonly nabFalseAlarmsPerWeek: number;
  readonly addedF1: number;
  readonly madeF1: number;
  readonly madeFalseAlarmsPerWeek: number;
  /** What the search climbs. */
  readonly objective: number;
}

const flags = z.object({
  data: z.string(),
  labels: z.string(),
  minutes: z.coerce.number().nonnegative(),
  tune: z.enum(['even', 'odd']),
  seed: z.coerce.number().int(),
});

function averaged(
  series: readonly LabelledSeries[],
  parameters: Parameters,
  of: (results: NabResult[]) => number,
): number[] {
  const results = THRESHOLDS.map((): NabResult[] => []);
  for (const each of series) {
    const scores = scoreSeries(each, parameters);
    for (const [index, threshold] of THRESHOLDS.entries())
      results[index]!.push(scoreNab(each.timestampSeconds, scores, each.windows, threshold));
  }
  const mean = (pick: (results: NabResult[]) => number) =>
    results.reduce((sum, group) => sum + pick(group), 0) / THRESHOLDS.length;
  return [mean(of), mean((group) => windowMetrics(group).falseAlarmsPerWeek)];
}

function worthOf({ recorded, withEvents, made }: Side, parameters: Parameters): Worth {
  const f1 = (results: NabResult[]) => windowMetrics(results).f1;
  const [nabStandard = 0, nabFalseAlarmsPerWeek = 0] = averaged(recorded, parameters, (results) =>
    normaliseNab(results, 'standard'),
  );
  const [addedF1 = 0] = averaged(withEvents, parameters, f1);
  const [madeF1 = 0, madeFalseAlarmsPerWeek = 0] = averaged(made, parameters, f1);
  const objective =
    nabStandard +
    40 * addedF1 +
    80 * madeF1 -
    40 * Math.max(0, nabFalseAlarmsPerWeek - 0.4) -
    25 * Math.max(0, madeFalseAlarmsPerWeek - 0.6);
  return { nabStandard, nabFalseAlarmsPerWeek, addedF1, madeF1, madeFalseAlarmsPerWeek, objective };
}

const isEven = (name: string): boolean => {
  let hash = 2_166_136_261;
  for (const character of name) hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619) >>> 0;
  return hash % 2 === 0;
};

function search(side: Side, held: Side, minutes: number, seed: number): void {
  const random = createRandom(seed);
  const names = (Object.keys(PARAMETERS) as (keyof Parameters)[]).filter((name) => !FIXED.has(name));
  let best: Parameters = PARAMETERS;
  let worth = worthOf(side, best);
  report('now', best, worth, worthOf(held, best));
  const end = performance.now() + minutes * 60_000;
  while (performance.now() < end) {
    const candidate = { ...best };
    for (let changes = random.integer(1, 3); changes > 0; changes -= 1) {
      const name = random.pick(names);
      candidate[name] = Number((PARAMETERS[name] * random.pick(FACTORS)).toPrecision(3));
    }
    const next = worthOf(side, candidate);
    if (next.objective <= worth.objective) continue;
    best = candidate;
    worth = next;
    report('better', best, worth, worthOf(held, best));
  }
}

function report(what: string, parameters: Parameters, tuned: Worth, held: Worth): void {
  const show = (worth: Worth) =>
    `NAB ${worth.nabStandard.toFixed(1)} (${worth.nabFalseAlarmsPerWeek.toFixed(2)}/week) added F1 ${worth.addedF1.toFixed(2)} ` +
    `made F1 ${worth.madeF1.toFixed(2)} (${worth.madeFalseAlarmsPerWeek.toFixed(2)}/week)`;
  const changed = (Object.keys(parameters) as (keyof Parameters)[])
    .filter((name) => parameters[name] !== PARAMETERS[name])
    .map((name) => `${name}=${parameters[name]}`);
  console.log(`${what}: tuned on ${show(tuned)} | held out ${show(held)} | ${changed.join(' ')}`);
}

const program = new Command('search')
  .description('Tunes the model on one part of the data and reports on the other')
  .requiredOption('--data <folder>', 'labelled series, laid out as those of NAB')
  .requiredOption('--labels <file>', 'their windows')
  .option('--minutes <number>', 'how long to look', '10')
  .option('--tune <part>', 'even or odd: which files to tune on, by a hash of their names', 'even')
  .option('--seed <number>', 'of the search and of all that is made', '1')
  .action(async (given: unknown) => {
    const { data, labels, minutes, tune, seed } = flags.parse(given);
    const corpus = await readLabelledCorpus(data, labels);
    const sideOf = (even: boolean, sideSeed: number): Side => {
      const recorded = corpus.filter(({ name }) => isEven(name) === even);
      const made = makeCloudSeries(sideSeed, 60);
      return { recorded, withEvents: addRecurrentEvents(sideSeed, recorded), made };
    };
    search(sideOf(tune === 'even', seed), sideOf(tune !== 'even', seed + 1), minutes, seed);
  });
await program.parseAsync();
