import { readdir, readFile, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { BackendError } from '@aiops-sre/service-kit/backends/backend-error.ts';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { FileError, type FileProblem } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { addAdoptCommand } from '../adopt/adopt-command.ts';
import { addBacktestCommand } from '../backtest/backtest-command.ts';
import { checkFinishedRules } from '../checking/finished-rules.ts';
import { runPromtool } from '../checking/promtool.ts';
import { addExportCommand } from '../exporting/export-command.ts';
import { addGateCommand } from '../gate/gate-command.ts';
import { generateFiles } from '../generated/generate.ts';
import { checkGenerated, repositoryFolders, writeGenerated } from '../generated/generated-files.ts';
import { addImportCommand } from '../importing/import-command.ts';
import { type BurnRateWindows, DEFAULT_WINDOWS, readBurnRateWindows } from '../model/burn-rate-windows.ts';
import { outlivingRetention, retentionSeconds } from '../model/retention.ts';
import { type DefinitionFile, type Definitions, readDefinitions } from '../reading/read-definitions.ts';
import { addReportCommand } from '../report/report-command.ts';
import { syntheticSeries } from '../rule-tests/synthetic-series.ts';
import { DEFAULT_LINK_BASES } from '../rules/links.ts';
import { prometheusSource } from '../suggest/prometheus-source.ts';
import { suggestSlos } from '../suggest/suggest.ts';
import type { CommandContext, SloCommandOptions } from './command-context.ts';

interface GenerateFlags {
  readonly windows?: string;
  readonly out: string;
  readonly runbookBase: string;
  readonly dashboardBase: string;
}

/** Runs `slo validate|generate|check|test|suggest|adopt|import|export|backtest|report|gate ...`. @returns the exit code: 0 fine, 1 something is wrong with the input, 2 usage */
export async function sloCommand(args: readonly string[], options: SloCommandOptions): Promise<number> {
  const { workingFolder, out, err } = options;
  const folders = repositoryFolders(options.repository);
  let exitCode = 0;
  const program = new Command('slo')
    .description('Turns OpenSLO definitions into Prometheus rules, their tests and an index for dashboards.')
    .exitOverride()
    .configureOutput({ writeOut: (text) => out(text.trimEnd()), writeErr: (text) => err(text.trimEnd()) });
  program
    .command('validate')
    .argument('<files...>', 'OpenSLO files')
    .option('--retention <duration>', 'how long Prometheus keeps data, such as 35d', retentionOption)
    .description('says what is wrong with definitions: file, path, what was found, what is possible')
    .option('--windows <file>', 'burn-rate windows in place of the usual ones')
    .action(async (files: string[], flags: { retention?: number; windows?: string }) => {
      const definitions = await load(files, options, {
        retentionSeconds: flags.retention,
        windowsFile: flags.windows,
      });
      await checkFinishedRules(generateFiles(definitions, DEFAULT_LINK_BASES), options.promtool);
      const { slos } = definitions;
      out(
        `${slos.length} SLO${slos.length === 1 ? '' : 's'} valid: ${slos.map(({ name }) => name).join(', ')}`,
      );
    });
  program
    .command('generate')
    .argument('<files...>', 'OpenSLO files')
    .requiredOption('--out <folder>', 'where the generated files go')
    .option('--windows <file>', 'burn-rate windows in place of the usual ones')
    .option('--runbook-base <url>', 'folder of the runbooks', webAddress, DEFAULT_LINK_BASES.runbooks)
    .option('--dashboard-base <url>', 'the dashboard of one SLO', webAddress, DEFAULT_LINK_BASES.dashboard)
    .description('writes rules and their tests for each SLO, and one index')
    .action(async (files: string[], flags: GenerateFlags) => {
      const definitions = await load(files, options, { windowsFile: flags.windows });
      const links = { runbooks: flags.runbookBase, dashboard: flags.dashboardBase };
      const generated = generateFiles(definitions, links);
      await checkFinishedRules(generated, options.promtool);
      for (const slo of definitions.slos) {
        const series = syntheticSeries(slo);
        if ('reason' in series)
          err(`warning: SLO ${slo.name}: no tests are generated, since ${series.reason}`);
      }
      for (const path of await writeGenerated(resolve(workingFolder, flags.out), generated))
        out(relative(workingFolder, path));
    });
  program
    .command('check')
    .description("says whether this repository's rules are those that its definitions give")
    .action(async () => {
      const problems = await checkGenerated(folders, await windowsOf(undefined, options));
      for (const problem of problems) err(`prometheus/rules: ${problem}`);
      if (problems.length > 0) {
        err('Mend it with: npm run -s slo -- generate slo/definitions/*.yaml --out prometheus/rules');
        exitCode = 1;
      } else out('prometheus/rules is up to date');
    });
  program
    .command('test')
    .argument('[folder]', 'folder of rules and their tests', folders.rules)
    .description('promtool check rules and promtool test rules on every file of a folder')
    .action(async (folder: string) => {
      if (!(await testRules(resolve(workingFolder, folder), options))) exitCode = 1;
    });
  program
    .command('suggest')
    .option('--prometheus <url>', 'where to learn', webAddress, options.prometheus)
    .option('--weeks <number>', 'how far to look back, 1 to 12', weekCount, 4)
    .option('--out <file>', 'where the definitions go; otherwise they are printed')
    .description(
      'proposes SLOs that the past would have met with a margin, from request counters and duration histograms',
    )
    .action(async (flags: { prometheus: string; weeks: number; out?: string }) => {
      const nowSeconds = Math.floor(Date.now() / 1000);
      const prometheus = createPrometheusClient({ url: flags.prometheus, timeoutMs: 60_000 });
      const source = prometheusSource({ prometheus, nowSeconds, days: flags.weeks * 7 });
      const { yaml, names, provisional, skipped } = await suggestSlos(source);
      for (const reason of skipped) err(`skipped: ${reason}`);
      err(
        `${names.length} SLO${names.length === 1 ? '' : 's'} suggested${names.length > 0 ? `: ${names.join(', ')}` : ''}`,
      );
      if (provisional.length > 0)
        err(`provisional, as less than a week has been seen: ${provisional.join(', ')}`);
      if (flags.out === undefined) out(yaml.trimEnd());
      else await writeFile(resolve(workingFolder, flags.out), yaml);
    });
  const context: CommandContext = {
    options,
    load: (files) => load(files, options),
    read: (files) => readFiles(workingFolder, files),
    fail: () => {
      exitCode = 1;
    },
    exitWith: (code) => {
      exitCode = code;
    },
  };
  for (const add of [
    addAdoptCommand,
    addImportCommand,
    addExportCommand,
    addBacktestCommand,
    addReportCommand,
    addGateCommand,
  ])
    add(program, context);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof FileError || error instanceof BackendError)) throw error;
    err(error.message);
    return 1;
  }
}

async function load(
  files: readonly string[],
  options: SloCommandOptions,
  asked: { readonly retentionSeconds?: number | undefined; readonly windowsFile?: string | undefined } = {},
): Promise<Definitions> {
  const { workingFolder, err } = options;
  const retention = asked.retentionSeconds;
  const windows = await windowsOf(asked.windowsFile, options);
  const definitions = readDefinitions(await readFiles(workingFolder, files), windows);
  for (const warning of definitions.warnings) err(`warning: ${warning}`);
  const problems: FileProblem[] = [];
  for (const { name, periodDays } of outlivingRetention(definitions.slos, retention ?? Infinity))
    problems.push({
      file: `SLO ${name}`,
      path: 'spec.timeWindow[0].duration',
      found: `${periodDays}d, but Prometheus keeps ${retention! / 86_400}d`,
      possible: `a retention of at least ${periodDays}d: with less, the budget is silently one of less`,
    });
  if (problems.length > 0) throw new FileError(problems);
  return definitions;
}

async function windowsOf(
  flag: string | undefined,
  { workingFolder, windowsFile }: SloCommandOptions,
): Promise<BurnRateWindows> {
  const file = flag ?? windowsFile;
  if (!file) return DEFAULT_WINDOWS;
  const [read] = await readFiles(workingFolder, [file]);
  return readBurnRateWindows(file, read!.text);
}

async function testRules(folder: string, { promtool, out, err }: SloCommandOptions): Promise<boolean> {
  if (promtool === undefined) {
    err('promtool is neither on the PATH nor named by PROMTOOL');
    return false;
  }
  const names = (await readdir(folder)).sort();
  const steps = [
    ...names.filter((name) => name.endsWith('.rules.yml')).map((name) => ['check', 'rules', name]),
    ...names.filter((name) => name.endsWith('.test.yml')).map((name) => ['test', 'rules', name]),
  ];
  let passed = true;
  for (const step of steps) {
    const result = await runPromtool(promtool, step, { folder });
    if (result.passed) out(`ok ${step.join(' ')}`);
    else err(`promtool ${step.join(' ')} in ${folder}:\n${result.output}`);
    passed &&= result.passed;
  }
  return passed;
}

async function readFiles(workingFolder: string, files: readonly string[]): Promise<DefinitionFile[]> {
  const reasons: Record<string, string> = {
    ENOENT: 'no such file',
    EISDIR: 'a folder',
    EACCES: 'a file that may not be read',
  };
  return await Promise.all(
    files.map(async (file) => {
      try {
        return { file, text: await readFile(resolve(workingFolder, file), 'utf8') };
      } catch (error) {
        const found = reasons[(error as NodeJS.ErrnoException).code ?? ''];
        if (found === undefined) throw error;
        throw new FileError([{ file, path: '', found, possible: 'a file that can be read' }]);
      }
    }),
  );
}

function retentionOption(text: string): number {
  const seconds = retentionSeconds(text);
  if (seconds === undefined) throw new InvalidArgumentError(`Expected a duration such as 35d, got ${text}.`);
  return seconds;
}

function weekCount(text: string): number {
  const weeks = Number(text);
  if (!Number.isInteger(weeks) || weeks < 1 || weeks > 12)
    throw new InvalidArgumentError(`Expected a whole number from 1 to 12, got ${text}.`);
  return weeks;
}

function webAddress(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw new InvalidArgumentError(`Expected an http(s) address, got ${text}.`);
}
