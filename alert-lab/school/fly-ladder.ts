import type { RunningStack } from '../drill/running-stack.ts';
import type { PilotName } from './flight.ts';
import type { Mission } from './read-missions.ts';

/** Of one mission, beside how long it may take to be told of: the quiet before, putting back, and calm. */
const AROUND_SECONDS = 6 * 60;
/** From the page to the end. */
const AFTER_PAGE_SECONDS: Readonly<Record<PilotName, number>> = {
  responder: 5 * 60,
  expert: 90,
  person: 8 * 60,
  agent: 8 * 60,
};

/** Stacks that do not start, or do not end, one after the other. */
const MOST_STACKS_FAILED = 2;

/** About how long missions take one after the other. */
export const estimatedSeconds = (missions: readonly Mission[], pilot: PilotName): number =>
  missions.reduce(
    (sum, { limit, fault }) =>
      sum +
      AROUND_SECONDS +
      Math.min(limit, (fault.expect.detectedWithin ?? limit) + AFTER_PAGE_SECONDS[pilot]),
    0,
  );

export interface FlyLadderOptions {
  readonly missions: readonly Mission[];
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** @throws Error with why it was not flown */
  readonly flyOne: (mission: Mission, stack: RunningStack) => Promise<void>;
}

/** Flies each once, whatever became of the one before, on a stack that runs. @returns what was not flown, and why */
export async function flyLadder(stack: RunningStack, options: FlyLadderOptions): Promise<readonly string[]> {
  const { missions, signal } = options;
  const problems: string[] = [];
  for (const mission of missions) {
    if (signal.aborted) return [...problems, `interrupted before ${mission.name}`];
    problems.push(...(await problemOf(mission, stack, options)));
  }
  return problems;
}

/** A native stack of its own, by its number from 1 on. */
export type WithStack = (number: number, use: (stack: RunningStack) => Promise<void>) => Promise<void>;

/**
 * As {@link flyLadder}, on so many native stacks of its own side by side: one on which a mission was not flown to its end is
 * given up, and the mission is flown once more on another. So is one that does not calm down soon after a mission.
 */
export async function flyLadderAlone(
  withStack: WithStack,
  stacks: number,
  options: FlyLadderOptions & { readonly calmsDown: (stack: RunningStack) => Promise<boolean> },
): Promise<readonly string[]> {
  const { missions, signal, say, calmsDown } = options;
  const problems: string[] = [];
  const waiting = [...missions];
  const tried = new Set<Mission>();

  async function flyOnStacks(number: number): Promise<void> {
    for (let failed = 0; waiting.length > 0 && !signal.aborted && failed < MOST_STACKS_FAILED; )
      try {
        await withStack(number, async (stack) => {
          while (!signal.aborted) {
            const mission = waiting.shift();
            if (mission === undefined) return;
            const found = await problemOf(mission, stack, options);
            failed = 0;
            if (found.length === 0) {
              if (waiting.length > 0 && (await calmsDown(stack))) continue;
              return;
            }
            if (tried.has(mission)) problems.push(...found);
            else waiting.unshift(mission);
            tried.add(mission);
            return;
          }
        });
      } catch (error) {
        failed++;
        say(`no stack: ${(error as Error).message}`);
      }
  }

  await Promise.all(Array.from({ length: stacks }, (_, index) => flyOnStacks(index + 1)));
  return waiting.length === 0
    ? problems
    : [...problems, `not flown: ${waiting.map(({ name }) => name).join(', ')}`];
}

async function problemOf(
  mission: Mission,
  stack: RunningStack,
  { missions, say, flyOne }: FlyLadderOptions,
): Promise<readonly string[]> {
  const time = new Date().toISOString().slice(11, 19);
  say(`${missions.indexOf(mission) + 1} of ${missions.length}: ${mission.name}, ${time} UTC`);
  try {
    await stack.requireRunning();
    await flyOne(mission, stack);
    return [];
  } catch (error) {
    const problem = `${mission.name}: ${(error as Error).message}`;
    say(problem);
    return [problem];
  }
}
