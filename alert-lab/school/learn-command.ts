import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { duration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import { wholeNumber } from '@aiops-sre/stack/commands/whole-number.ts';
import { Command, CommanderError } from 'commander';
import { NEW_STACK_AFTER_MS, untilCalm } from '../drill/calm.ts';
import { type RunningStack, runningStack } from '../drill/running-stack.ts';
import { type Flight, PILOTS, type PilotName } from './flight.ts';
import type { Pilot } from './fly.ts';
import { estimatedSeconds, flyLadder, flyLadderAlone, type WithStack } from './fly-ladder.ts';
import { flyMission, SchoolError } from './fly-mission.ts';
import { grade } from './grade.ts';
import { expertLines, type Mission, readMissions } from './read-missions.ts';
import { gradedFlights, keepFlight, lastFlown, readFlights } from './results.ts';
import { schoolMarkdown, schoolReport } from './school-report.ts';
import { cardText, ladderText } from './school-text.ts';
import { POSTMORTEM_STEPS, parseStep, STEPS } from './step.ts';

/** A postmortem is waited for as long. */
const POSTMORTEM_MS = 10 * 60_000;

export interface LearnCommandOptions {
  readonly repository: string;
  readonly workingFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Ends a flight; the stack is put back all the same. */
  readonly signal: AbortSignal;
  /** Lines typed since it was last asked. */
  readonly typed: () => readonly string[];
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

interface Flags {
  readonly pilot: string;
  readonly serve?: boolean;
  readonly again?: boolean;
  readonly stacks?: number;
  readonly out?: string;
}

/** Runs `learn [MISSION] [--pilot NAME]`. @returns the exit code: 0 fine, 1 not to be flown or interrupted, 2 usage */
export async function learnCommand(args: readonly string[], options: LearnCommandOptions): Promise<number> {
  const { repository, environment, signal, out, err } = options;
  let failed = false;
  const program = new Command('learn')
    .description('Flight school: missions on the running stack, each with something wrong to be found.')
    .argument('[mission]', 'without one: the ladder; with a pilot other than you: all of it')
    .option('--pilot <name>', PILOTS.join(', '), 'person')
    .option('--serve', 'pages in the browser, until Ctrl-C')
    .option('--again', 'all of the ladder, also what that pilot has flown before')
    .option(
      '--stacks <number>',
      'on so many native stacks of its own, side by side, 1.5 GB each; one that is in trouble is replaced',
      wholeNumber,
    )
    .option('--out <folder>', "where that pilot's REPORT.md and report.generated.json go")
    .exitOverride()
    .configureOutput({ writeOut: (text) => out(text.trimEnd()), writeErr: (text) => err(text.trimEnd()) })
    .action(async (name: string | undefined, flags: Flags) => {
      const missions = readMissions(join(repository, 'alert-lab'));
      const who = PILOTS.find((each) => each === flags.pilot);
      if (who === undefined)
        throw new SchoolError(`--pilot: got ${flags.pilot}, expected ${PILOTS.join(', ')}`);
      const named = missions.filter((each) => each.name === name || String(each.number) === name);
      if (name !== undefined && named.length === 0)
        throw new SchoolError(
          `There is no mission ${name}; possible: ${missions.map((each) => each.name).join(', ')}`,
        );
      const stack = runningStack(repository, environment);
      const results = join(stack.dataDir, 'school', 'results.json');
      const graded = async () => gradedFlights(await readFlights(results), missions);
      if (flags.serve) {
        await stack.requireRunning();
        // Most commands serve nothing.
        const { startSchool } = await import('./serve/start-school.ts');
        const { port } = new URL(stack.url('school'));
        const school = await startSchool({ repository, stack, missions, results, port: Number(port), err });
        out(
          `Flight school: ${school.url}. To fly, log in at the console first: ${stack.url('incidentResponder')}/login`,
        );
        err('It ends with Ctrl-C; a mission that is flown then is put back.');
        if (!signal.aborted) await once(signal, 'abort');
        await school.close();
        return;
      }
      const isLadder = name === undefined;
      if (!isLadder || who === 'expert' || who === 'responder') {
        const before = await graded();
        const sideBySide = flags.stacks ?? 1;
        const chosen = isLadder
          ? missions.filter((each) => flags.again || lastFlown(before, each.name, who) === undefined)
          : named;
        if (isLadder)
          err(
            `${chosen.length} of ${missions.length} missions are left to fly: about ${duration((estimatedSeconds(chosen, who) * 1000) / sideBySide)}`,
          );
        const flyOne = async (mission: Mission, where: RunningStack) => {
          // Side by side, each line says of which it is.
          const behind = (tell: (line: string) => void) =>
            sideBySide > 1 ? (text: string) => tell(text.replace(/^/gm, `${mission.name} | `)) : tell;
          const flight = await flown(mission, who, {
            ...options,
            out: behind(out),
            err: behind(err),
            ...{ stack: where, missions, results },
          });
          if (flight.ended === 'interrupted') throw new SchoolError(flight.problems.join(', '));
        };
        const ladder = { missions: chosen, signal, say: err, flyOne };
        const withStack: WithStack = async (number, use) => {
          const { withLabStack } = await import('../drill-check/with-lab-stack.ts');
          await withLabStack({ root: repository, environment, signal, prefix: `school ${number}` }, use);
        };
        const problems = flags.stacks
          ? await flyLadderAlone(withStack, flags.stacks, {
              ...ladder,
              calmsDown: (own) => untilCalm(own, { timeoutMs: NEW_STACK_AFTER_MS, signal }),
            })
          : await flyLadder(stack, ladder);
        if (isLadder) for (const problem of problems) err(problem);
        failed = problems.length > 0;
      }
      if (isLadder) out(ladderText(missions, await graded()));
      if (flags.out !== undefined) {
        const report = schoolReport(missions, await graded(), who);
        const folder = resolve(options.workingFolder, flags.out);
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, 'REPORT.md'), schoolMarkdown(report));
        await writeFile(join(folder, 'report.generated.json'), `${JSON.stringify(report, null, 2)}\n`);
      }
    });
  try {
    await program.parseAsync(args, { from: 'user' });
    return failed ? 1 : 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    err((error as Error).message);
    return 1;
  }
}

async function flown(
  mission: Mission,
  who: PilotName,
  options: LearnCommandOptions & {
    readonly stack: RunningStack;
    readonly missions: readonly Mission[];
    readonly results: string;
  },
): Promise<Flight> {
  const { stack, missions, results, signal, typed, out, err } = options;
  const isTyped = who === 'person' || who === 'agent';
  err(`${mission.title}. ${mission.briefing}`);
  err('It begins within a minute of calm, and ends with Ctrl-C; everything is put back then.');
  if (isTyped) err(`Use the console, Grafana and the commands, or type here:\n  ${STEPS.join('\n  ')}`);
  const pilot = pilotOf(who, mission, typed);
  let flight = await flyMission({ mission, missions, pilot, stack, results, signal, say: err });
  if (isTyped && flight.ended !== 'interrupted') {
    flight = await withPostmortem(flight, options);
    await keepFlight(results, flight);
  }
  out(cardText(flight, grade(flight, mission), mission));
  return flight;
}

/** Asks for what is missing, for as long as somebody answers. */
async function withPostmortem(
  flight: Flight,
  { signal, typed, err }: Pick<LearnCommandOptions, 'signal' | 'typed' | 'err'>,
): Promise<Flight> {
  let { contributing, improve } = flight;
  const untilMs = Date.now() + POSTMORTEM_MS;
  const isMissing = () => contributing === null || improve === null;
  if (isMissing())
    err(`It is over, and put back. Now the postmortem, or done:\n  ${POSTMORTEM_STEPS.join('\n  ')}`);
  while (isMissing() && Date.now() < untilMs && !signal.aborted) {
    for (const line of typed())
      try {
        const step = parseStep(line);
        if (step.kind === 'contributing') contributing = step.contributing;
        else if (step.kind === 'improve') improve = step.improve;
        else if (step.kind === 'done') return { ...flight, contributing, improve };
        else err('that is over: contributing, improve, done');
      } catch (error) {
        err((error as Error).message);
      }
    await sleep(200, undefined, { signal }).catch(() => {});
  }
  return { ...flight, contributing, improve };
}

/** An expert does all that it does as soon as it is paged. */
function pilotOf(name: PilotName, mission: Mission, typed: () => readonly string[]): Pilot {
  let script: readonly string[] = name === 'expert' ? expertLines(mission) : [];
  return {
    name,
    lines(isPaged) {
      if (name === 'person' || name === 'agent') return typed();
      if (!isPaged) return [];
      const lines = script;
      script = [];
      return lines;
    },
  };
}
