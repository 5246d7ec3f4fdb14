import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { addChaosCommands } from './chaos/chaos-commands.ts';
import { ResultsError } from './chaos/results.ts';
import { drillText } from './drill/drill-text.ts';
import { playDrill } from './drill/play-drill.ts';
import { readDrills } from './drill/read-drills.ts';
import { runningStack } from './drill/running-stack.ts';
import { serveFakeGitHub } from './drill/serve-fake-github.ts';
import { runPromtoolLayer } from './promtool-layer.ts';
import { replay } from './replay.ts';
import { labReport, reportMarkdown } from './report.ts';
import { CaseError } from './root-cause/case-file.ts';
import { addRootCommands } from './root-cause/root-commands.ts';
import { readScenarios, type Scenario } from './scenario.ts';

export interface LabCommandOptions {
  readonly repository: string;
  readonly workingFolder: string;
  readonly prometheus: string | undefined;
  readonly promtool: string | undefined;
  /** Leads to the running stack that drills play on. */
  readonly environment: NodeJS.ProcessEnv;
  /** Ends a drill; the stack is put back all the same. */
  readonly signal: AbortSignal;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

const REPORT_FILES = { markdown: 'REPORT.md', json: 'report.generated.json' } as const;

/** Runs `lab list|run|faults|chaos|chaos-report|chaos-push|fake-github|report|root-cause|fit-roots`. @returns the exit code: 0 fine, 1 not to be run or a drill that failed, 2 usage */
export async function labCommand(args: readonly string[], options: LabCommandOptions): Promise<number> {
  const { repository, workingFolder, out, err } = options;
  const scenarios = readScenarios(join(repository, 'alert-lab', 'scenarios'));
  const drills = readDrills(join(repository, 'alert-lab', 'drills'));
  let failed = false;
  const program = new Command('lab')
    .description(
      'Plays incidents to the burn-rate alerts and says how well they do; drills play on the running stack.',
    )
    .exitOverride()
    .configureOutput({ writeOut: (text) => out(text.trimEnd()), writeErr: (text) => err(text.trimEnd()) });
  program
    .command('list')
    .description('scenarios, what they expect and how often they are played; drills')
    .action(() => {
      for (const { name, description } of drills) out(`${name.padEnd(26)} drill ${description}`);
      for (const { name, count, expect, description } of scenarios)
        out(
          `${name.padEnd(26)} x${String(count).padEnd(4)} page ${expect.page.padEnd(7)} ticket ${expect.ticket.padEnd(7)} ${description}`,
        );
    });
  program
    .command('run')
    .argument('<name>', 'a scenario or a drill')
    .option('--json', 'a drill as JSON')
    .description('replays one scenario over true windows, or plays a drill on the running stack')
    .action(async (name: string, flags: { json?: boolean }) => {
      const drill = drills.find((each) => each.name === name);
      if (drill !== undefined) {
        const stack = runningStack(repository, options.environment);
        const result = await playDrill({ drill, stack, onProgress: err, signal: options.signal });
        out(flags.json ? JSON.stringify(result, null, 2) : drillText(result));
        failed = !result.passed;
        return;
      }
      const chosen = scenarios.filter((scenario) => scenario.name === name);
      if (chosen.length === 0)
        throw new LabError(
          `There is no scenario ${name}; possible: ${[...drills, ...scenarios].map((each) => each.name).join(', ')}`,
        );
      out(JSON.stringify(labReport(await replayAll(chosen, options)), null, 2));
    });
  program
    .command('fake-github')
    .option('--port <port>', 'on loopback; 0 takes a free one', '8099')
    .description('stands in for GitHub while disaster recovery is rehearsed, until it is interrupted')
    .action(async ({ port }: { port: string }) => {
      await serveFakeGitHub({ port: portOf(port), signal: options.signal, out });
    });
  program
    .command('report')
    .option('--out <folder>', 'where the report goes', join(repository, 'alert-lab'))
    .description('all scenarios by promtool and replay, as Markdown and JSON')
    .action(async (flags: { out: string }) => {
      const { promtool } = binaries(options);
      err('running the rule tests in virtual time');
      const folders = ['rules', 'tests'].map((folder) => join(repository, 'prometheus', folder));
      const promtoolTests = await runPromtoolLayer(promtool, folders);
      const report = labReport(await replayAll(scenarios, options));
      const folder = resolve(workingFolder, flags.out);
      await mkdir(folder, { recursive: true });
      const markdown = reportMarkdown(report, promtoolTests);
      await writeFile(join(folder, REPORT_FILES.markdown), markdown);
      await writeFile(
        join(folder, REPORT_FILES.json),
        `${JSON.stringify({ ...report, promtoolTests }, null, 2)}\n`,
      );
      out(markdown);
    });
  addRootCommands(program, options);
  addChaosCommands(program, {
    ...options,
    onFailed: () => {
      failed = true;
    },
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return failed ? 1 : 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof LabError || error instanceof CaseError || error instanceof ResultsError))
      throw error;
    err(error.message);
    return 1;
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new LabError(`--port: expected a port, got ${text}`);
}

class LabError extends Error {
  override readonly name = 'LabError';
}

async function replayAll(scenarios: readonly Scenario[], options: LabCommandOptions) {
  const rulesFile = join(options.repository, 'prometheus', 'rules', 'storefront-availability.rules.yml');
  return await replay({ ...binaries(options), scenarios, rulesFile, onProgress: options.err });
}

function binaries({ prometheus, promtool }: LabCommandOptions) {
  if (prometheus === undefined || promtool === undefined)
    throw new LabError(
      'The lab needs prometheus and promtool: on the PATH, or named by PROMETHEUS and PROMTOOL. `npm start` builds them where there are none.',
    );
  return { prometheus, promtool };
}
