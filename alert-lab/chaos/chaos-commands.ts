import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { NEW_STACK_AFTER_MS } from '../drill/calm.ts';
import { runningStack } from '../drill/running-stack.ts';
import { type Fault, readFaults } from '../fault/read-faults.ts';
import { calibrationPicture } from './calibration-picture.ts';
import { CALIBRATION_FILE, chaosMarkdown } from './chaos-markdown.ts';
import { chaosReport } from './chaos-report.ts';
import { playProgramme } from './play-programme.ts';
import { drawProgramme } from './programme.ts';
import { pushFigures } from './push-figures.ts';
import { reportFigures } from './report-figures.ts';
import { openResults, ResultsError, readReport, readResults } from './results.ts';
import { scoreExperiment } from './score.ts';

export interface ChaosCommandsOptions {
  readonly repository: string;
  readonly workingFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** Called if not all of it could be played. */
  readonly onFailed: () => void;
}

interface ChaosFlags {
  readonly seed: string;
  readonly count: string;
  readonly stacks: string;
  readonly only?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** `faults` lists what can go wrong; `chaos` plays a drawn programme of it, `chaos-report` says how that went, `chaos-push` on the dashboard. */
export function addChaosCommands(program: Command, options: ChaosCommandsOptions): void {
  const { repository, workingFolder, environment, signal, out, err, onFailed } = options;
  const faultsFolder = join(repository, 'alert-lab', 'faults');
  const byName = (faults: readonly Fault[]) => new Map(faults.map((each) => [each.name, each]));
  const reportOf = (folder: string) => {
    const { head, records } = readResults(folder);
    const faults = byName(readFaults(faultsFolder));
    const report = chaosReport(
      records.map((record) => scoreExperiment(record, faults)),
      faults,
    );
    return { head, report, json: `${JSON.stringify({ ...head, ...report }, null, 2)}\n` };
  };

  program
    .command('faults')
    .description('what can go wrong: how often it is drawn, what it is')
    .action(() => {
      for (const { name, kind, weight, description } of readFaults(faultsFolder))
        out(`${name.padEnd(28)} ${kind.padEnd(8)} x${String(weight).padEnd(4)} ${description}`);
    });
  program
    .command('chaos')
    .requiredOption('--seed <number>', 'what is drawn')
    .requiredOption('--count <number>', 'experiments')
    .option('--stacks <number>', 'native stacks side by side, 1.5 GB each', '1')
    .option('--only <faults>', 'names of faults to draw from, with commas between')
    .option('--out <folder>', 'for the results; a run that ended early goes on there')
    .option('--json', 'the report as JSON')
    .description(
      'plays faults drawn by a seed on stacks of its own, and scores what the platform makes of them',
    )
    .action(async (flags: ChaosFlags) => {
      const seed = wholeNumber('--seed', flags.seed, 0);
      const count = wholeNumber('--count', flags.count, 1);
      const stacks = wholeNumber('--stacks', flags.stacks, 1);
      const only = flags.only?.split(',') ?? [];
      const faults = readFaults(faultsFolder);
      for (const name of only)
        if (!faults.some((fault) => fault.name === name && fault.kind === 'fault'))
          throw new ResultsError(`--only: expected names of faults, got ${name}; npm run -s lab -- faults`);
      const drawable = faults.filter(
        ({ name, kind }) => kind === 'harmless' || only.length === 0 || only.includes(name),
      );
      const folder = flags.out
        ? resolve(workingFolder, flags.out)
        : join(repository, '.data-chaos', `seed-${seed}`);
      const results = openResults(folder, { seed, only });
      const played = new Set(results.records().map(({ experiment }) => experiment.number));
      const experiments = drawProgramme(drawable, { seed, count }).filter(
        ({ number }) => !played.has(number),
      );
      err(`${experiments.length} of ${count} experiments are left to play; results in ${folder}`);
      const problems = await playProgramme({
        root: repository,
        environment,
        experiments,
        faults: byName(faults),
        stacks,
        calmTimeoutMs: NEW_STACK_AFTER_MS,
        onProgress: err,
        onRecord: results.append,
        signal,
      });
      for (const problem of problems) err(problem);
      if (problems.length > 0) onFailed();
      const { head, report, json } = reportOf(folder);
      out(flags.json ? json.trimEnd() : chaosMarkdown(report, head));
    });
  program
    .command('chaos-report')
    .argument('<folder>', 'results of a programme')
    .option(
      '--out <folder>',
      'where REPORT.md, its picture and report.generated.json go',
      join(repository, 'alert-lab', 'chaos'),
    )
    .description('what was played, against the goals, as Markdown and JSON')
    .action(async (folder: string, flags: { out: string }) => {
      const { head, report, json } = reportOf(resolve(workingFolder, folder));
      const markdown = chaosMarkdown(report, head);
      const target = resolve(workingFolder, flags.out);
      await mkdir(target, { recursive: true });
      await writeFile(join(target, 'REPORT.md'), markdown);
      await writeFile(join(target, 'report.generated.json'), json);
      await writeFile(join(target, CALIBRATION_FILE), calibrationPicture(report.calibration));
      out(markdown);
    });
  program
    .command('chaos-push')
    .argument(
      '[report]',
      'a report.generated.json',
      join(repository, 'alert-lab', 'chaos', 'report.generated.json'),
    )
    .description('shows a report on the dashboard Chaos of the running stack')
    .action(async (file: string) => {
      const report = readReport(resolve(workingFolder, file));
      const figures = reportFigures(report);
      const stack = runningStack(repository, environment);
      try {
        const key = stack.otlpKey();
        if (key === '')
          throw new Error('OTLP_KEY: expected what docker compose run --rm prepare show prints, got nothing');
        await pushFigures(figures, { url: stack.url('otlpHttp'), key, signal });
      } catch (cause) {
        signal.throwIfAborted();
        throw new ResultsError(
          `The report goes to the running stack (npm start): ${(cause as Error).message}`,
          {
            cause,
          },
        );
      }
      out(
        `${figures.length} figures of seed ${report.seed} are sent: ${stack.url('grafana', '/d/chaos')} has them in some ten seconds`,
      );
    });
}

function wholeNumber(option: string, text: string, least: number): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new ResultsError(`${option}: expected a whole number from ${least} on, got ${text}`);
}
