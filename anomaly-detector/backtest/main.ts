import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, extname, join, relative } from 'node:path';
import { BackendError } from '@aiops-sre/service-kit/backends/backend-error.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { FileError } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { Command } from 'commander';
import { z } from 'zod';
import { readCalendars } from '../calendar/calendar-files.ts';
import { createSeasonCalendar } from '../calendar/season-calendar.ts';
import { type BacktestOptions, backtestOptions } from './backtest-options.ts';
import { InputError, parseCsvInput } from './csv-input.ts';
import { readLabels } from './labelled-corpus.ts';
import type { LabelledWindow } from './nab-score.ts';
import { picture, pictureIndex } from './picture.ts';
import { readPrometheusRange } from './prometheus-input.ts';
import { replay } from './replay.ts';
import { resultCsv } from './result-csv.ts';
import { type InputRow, inferStepSeconds } from './samples.ts';
import { type SeriesSummary, summarise, summaryTable } from './summary.ts';

/** A series to run, and where its results go: paths, or undefined where nothing is to be written. */
interface Job {
  readonly name: string;
  readonly read: () => Promise<readonly InputRow[]>;
  readonly out: string | undefined;
  readonly svg: string | undefined;
}

const say = (message: string): void => printError(message);

async function jobs(options: BacktestOptions): Promise<readonly Job[]> {
  const { csv, dir, out, svg } = options;
  const under = (folder: string | undefined, name: string) =>
    folder === undefined ? undefined : join(folder, name);
  const csvRows = async (path: string) => parseCsvInput(await readFile(path, 'utf8'), path);
  if (csv !== undefined) return [{ name: csv, read: () => csvRows(csv), out, svg }];
  if (dir !== undefined) {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile() && extname(entry.name).toLowerCase() === '.csv')
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    if (paths.length === 0) throw new InputError(`${dir}: no file ends in .csv`);
    return paths.map((path) => {
      const name = relative(dir, path);
      return {
        name,
        read: () => csvRows(path),
        out: under(out, name),
        svg: under(svg, `${name.slice(0, -4)}.svg`),
      };
    });
  }
  say(`Asking ${options.prometheus} for ${options.query} ...`);
  const series = await readPrometheusRange({
    url: options.prometheus!,
    query: options.query!,
    startSeconds: options.start!,
    endSeconds: options.end!,
    stepSeconds: options.step!,
    timeoutMs: options.timeoutMs,
  });
  return [...series].map(([name, rows], index) => {
    const file = `${String(index + 1).padStart(4, '0')}-${name.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 80)}`;
    return { name, read: async () => rows, out: under(out, `${file}.csv`), svg: under(svg, `${file}.svg`) };
  });
}

async function run(
  job: Job,
  options: BacktestOptions,
  windows: readonly LabelledWindow[] = [],
): Promise<SeriesSummary> {
  const rows = await job.read();
  const stepSeconds = options.step ?? inferStepSeconds(rows);
  if (stepSeconds === undefined)
    throw new InputError(
      `${job.name}: cannot infer the step from fewer than two samples; give it with --step`,
    );
  const calendar = await calendarOf(options);
  const { timeZone, seasonality, direction, minimumAbsoluteDeviation, minimumRelativeDeviation } = options;
  const { expectedFalseAlarmsPerWeek, minimum, maximum } = options;
  const result = replay(rows, {
    stepSeconds,
    timeZone,
    seasonality,
    direction,
    minimumAbsoluteDeviation,
    minimumRelativeDeviation,
    expectedFalseAlarmsPerWeek,
    minimum,
    maximum,
    calendar,
    hasEvents: rows.some((row) => 'sample' in row && row.sample.events !== undefined),
  });
  for (const { row, observation } of result.rows) {
    if ('problem' in row) say(`${job.name}:${row.line}: ${row.problem}`);
    else if (observation?.kind === 'rejected')
      say(`${job.name}:${row.line}: rejected as ${observation.reason}: ${row.text.join(',')}`);
  }
  if (job.out !== undefined) await write(job.out, resultCsv(result.rows));
  if (job.svg !== undefined) await write(job.svg, picture(job.name, result, windows));
  return summarise(job.name, result, stepSeconds);
}

/** Files that cannot be used end a backtest: its result would be that of another calendar. */
async function calendarOf({ calendar: path, timeZone, holidaysAre }: BacktestOptions) {
  if (path === undefined) return undefined;
  await stat(path);
  const { events, problems } = await readCalendars([path], timeZone);
  if (problems.length > 0) throw new FileError(problems);
  return createSeasonCalendar({ timeZone, holidaysAre, events });
}

async function write(path: string, content: string): Promise<void> {
  const folder = await stat(path).catch(() => undefined);
  if (folder?.isDirectory()) throw new InputError(`${path}: expected a path of a file, got a folder`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

async function backtest(flags: unknown): Promise<void> {
  const options = backtestOptions.parse(flags);
  const summaries: SeriesSummary[] = [];
  const list = await jobs(options);
  const labels = options.labels === undefined ? undefined : await readLabels(options.labels);
  for (const [index, job] of list.entries()) {
    if (list.length > 1) say(`[${index + 1}/${list.length}] ${job.name}`);
    summaries.push(await run(job, options, labels?.get(job.name)));
  }
  if (options.svg !== undefined && list.length > 1)
    await write(join(options.svg, 'index.html'), pictureIndex(list, options.svg));
  print(options.json ? JSON.stringify({ series: summaries }, null, 2) : summaryTable(summaries));
}

const program = new Command('backtest')
  .description(
    'Runs the detector over recorded data as it would have run live: scores, expectations, alarms.\n' +
      'Input: columns timestamp,value, and events where values are shares of so many. Output: timestamp,value,anomaly_score,expected,lower,upper; an alarm is 0.5 and above.',
  )
  .option('--csv <file>', 'one series')
  .option('--dir <folder>', 'a tree of CSV files; --out and --svg are folders then')
  .option(
    '--prometheus <url>',
    'a live Prometheus; needs --query, --start, --end and --step; --out and --svg are folders',
  )
  .option('--query <promql>', 'what to ask Prometheus for')
  .option('--start <time>', 'ISO 8601 or Unix seconds')
  .option('--end <time>', 'ISO 8601 or Unix seconds')
  .option('--step <seconds>', 'distance between samples; inferred from CSV input if absent')
  .option('--out <path>', 'where the scores go')
  .option('--svg <path>', 'where a picture of series, interval and alarms goes')
  .option('--labels <file>', "JSON of each series' true anomalies, [[start, end], ...], for the pictures")
  .option('--time-zone <zone>', 'zone whose days and weeks the seasons follow (default UTC)')
  .option('--calendar <path>', 'holidays and maintenance: an iCalendar file, or a folder of them')
  .option('--holidays-are <weekday>', 'the day of the week that holidays are like (default sunday)')
  .option('--seasonality <kind>', 'auto, none, daily or daily-and-weekly (default auto)')
  .option('--direction <side>', 'both, above or below (default both)')
  .option('--minimum-absolute-deviation <number>', "never alarm on less, in the value's unit")
  .option('--minimum-relative-deviation <number>', 'never alarm on less than this part of the expected value')
  .option(
    '--expected-false-alarms-per-week <number>',
    'how often the series may alarm without cause, calibrated on its own past (default: as built in, made for .35)',
  )
  .option('--minimum <number>', 'what the value cannot be below')
  .option('--maximum <number>', 'what the value cannot be above')
  .option('--timeout-ms <number>', 'patience with Prometheus (default 30000)')
  .option('--json', 'print the summary as JSON')
  .action(backtest);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof z.ZodError)
    for (const { path, message } of error.issues)
      say(`--${path.join('.').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: ${message}`);
  else if (
    error instanceof InputError ||
    error instanceof BackendError ||
    error instanceof FileError ||
    isSystemError(error)
  )
    say(error.message);
  else throw error;
  process.exitCode = 1;
}

/** A file that is missing or may not be read: the message names it, a stack would not help. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
