import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { untilCalm } from '../drill/calm.ts';
import { runningStack } from '../drill/running-stack.ts';
import { PILOTS, type PilotName } from './flight.ts';
import { fly, type Pilot } from './fly.ts';
import { grade } from './grade.ts';
import { putBack, undoOf } from './put-back.ts';
import { type Mission, readMissions } from './read-missions.ts';
import { addResult, readResults } from './results.ts';
import { cardText, ladderText } from './school-text.ts';
import { LockError, lockStack } from './stack-lock.ts';
import { STEPS, type Step } from './step.ts';

const CALM_TIMEOUT_MS = 10 * 60_000;

export interface LearnCommandOptions {
  readonly repository: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Ends a flight; the stack is put back all the same. */
  readonly signal: AbortSignal;
  /** Lines typed since it was last asked. */
  readonly typed: () => readonly string[];
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/** Runs `learn [MISSION] [--pilot NAME]`. @returns the exit code: 0 fine, 1 not to be flown or interrupted, 2 usage */
export async function learnCommand(args: readonly string[], options: LearnCommandOptions): Promise<number> {
  const { repository, out, err } = options;
  let failed = false;
  const program = new Command('learn')
    .description('Flight school: missions on the running stack, each with something wrong to be found.')
    .argument('[mission]', 'without one: the ladder; with a pilot other than you: all of it')
    .option('--pilot <name>', PILOTS.join(', '), 'person')
    .exitOverride()
    .configureOutput({ writeOut: (text) => out(text.trimEnd()), writeErr: (text) => err(text.trimEnd()) })
    .action(async (name: string | undefined, { pilot }: { pilot: string }) => {
      const missions = readMissions(join(repository, 'alert-lab'));
      const who = PILOTS.find((each) => each === pilot);
      if (who === undefined) throw new SchoolError(`--pilot: got ${pilot}, expected ${PILOTS.join(', ')}`);
      const chosen = missions.filter((each) => each.name === name || String(each.number) === name);
      if (name !== undefined && chosen.length === 0)
        throw new SchoolError(
          `There is no mission ${name}; possible: ${missions.map((each) => each.name).join(', ')}`,
        );
      const stack = runningStack(repository, options.environment);
      const results = join(stack.dataDir, 'school', 'results.json');
      if (name === undefined && who === 'person') {
        out(ladderText(missions, await readResults(results)));
        return;
      }
      await stack.requireRunning();
      for (const mission of name === undefined ? missions : chosen)
        if (!(await flown(mission, who, { ...options, stack, missions, results }))) {
          failed = true;
          break;
        }
      if (name === undefined) out(ladderText(missions, await readResults(results)));
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

/** @returns whether it was flown to its end */
async function flown(
  mission: Mission,
  who: PilotName,
  options: LearnCommandOptions & {
    readonly stack: ReturnType<typeof runningStack>;
    readonly missions: readonly Mission[];
    readonly results: string;
  },
): Promise<boolean> {
  const { stack, missions, results, signal, out, err } = options;
  const lockFile = join(stack.dataDir, 'school', 'flight.json');
  const lock = await lockStack(
    lockFile,
    { pid: process.pid, mission: mission.name, flags: Object.fromEntries(stack.flags()) },
    async (left) => {
      err(`${left.mission} was left in the middle: it is put back`);
      const its = missions.find(({ name }) => name === left.mission);
      const problems = await putBack(
        stack,
        its ? undoOf(stack, its) : [],
        new Map(Object.entries(left.flags)),
      );
      if (problems.length > 0) throw new LockError(problems.join('\n'));
    },
  );
  let isPutBack = true;
  try {
    err(`${mission.title}. ${mission.briefing}`);
    err('It begins within a minute of calm, and ends with Ctrl-C; everything is put back then.');
    if (who === 'person')
      err(`Use the console, Grafana and the commands, or type here:\n  ${STEPS.join('\n  ')}`);
    const isCalm = await untilCalm(stack, {
      timeoutMs: CALM_TIMEOUT_MS,
      signal,
      meanwhile: async () => lock.beat(),
    });
    if (!isCalm) throw new SchoolError('The stack does not calm down: look at its open incidents first');
    const flight = await fly({
      mission,
      pilot: pilotOf(who, mission, options.typed),
      stack,
      signal,
      say: err,
      beat: lock.beat,
    });
    isPutBack = !flight.problems.some((each) => each.startsWith('not put back'));
    const card = grade(flight, mission);
    const { points, acknowledgeSeconds, localiseSeconds, mitigateSeconds, budgetSpent, wrongActs } = card;
    await addResult(results, {
      mission: mission.name,
      pilot: who,
      at: new Date(flight.beganMs).toISOString(),
      ended: flight.ended,
      points,
      ...{ acknowledgeSeconds, localiseSeconds, mitigateSeconds, budgetSpent },
      wrongActs: [...wrongActs],
    });
    out(cardText(flight, card, mission));
    return flight.ended !== 'interrupted';
  } finally {
    // What could not be put back is put back by the next who comes.
    if (isPutBack && existsSync(lockFile)) lock.release();
  }
}

/** An expert does all that it does as soon as it is paged. */
function pilotOf(name: PilotName, mission: Mission, typed: () => readonly string[]): Pilot {
  let script: readonly string[] = name === 'expert' ? mission.expert.map(lineOf) : [];
  return {
    name,
    lines(isPaged) {
      if (name === 'person') return typed();
      if (!isPaged) return [];
      const lines = script;
      script = [];
      return lines;
    },
  };
}

/** A step as it is typed: its fields, in their order. */
export const lineOf = (step: Step): string =>
  Object.values(step)
    .filter((each) => each !== null)
    .join(' ');

class SchoolError extends Error {
  override readonly name = 'SchoolError';
}
