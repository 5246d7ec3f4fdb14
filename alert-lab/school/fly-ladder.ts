import type { RunningStack } from '../drill/running-stack.ts';
import { withLabStack } from '../drill-check/with-lab-stack.ts';
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
export async function flyLadder(
  stack: RunningStack,
  { missions, signal, say, flyOne }: FlyLadderOptions,
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const [index, mission] of missions.entries()) {
    if (signal.aborted) return [...problems, `interrupted before ${mission.name}`];
    say(`${index + 1} of ${missions.length}: ${mission.name}, ${new Date().toISOString().slice(11, 19)} UTC`);
    try {
      await stack.requireRunning();
      await flyOne(mission, stack);
    } catch (error) {
      problems.push(`${mission.name}: ${(error as Error).message}`);
      say(problems.at(-1)!);
    }
  }
  return problems;
}

/** As {@link flyLadder}, on native stacks of its own: where a mission was not flown to its end the next one gets a new one. */
export async function flyLadderAlone(
  { root, environment }: { readonly root: string; readonly environment: NodeJS.ProcessEnv },
  { missions, ...options }: FlyLadderOptions,
): Promise<readonly string[]> {
  const { signal } = options;
  const problems: string[] = [];
  const waiting = [...missions];
  while (waiting.length > 0 && !signal.aborted)
    try {
      await withLabStack({ root, environment, signal, prefix: 'school' }, async (stack) => {
        while (waiting.length > 0 && !signal.aborted) {
          const found = await flyLadder(stack, { ...options, missions: [waiting.shift()!] });
          problems.push(...found);
          if (found.length > 0) return;
        }
      });
    } catch (error) {
      // Without a stack there is nothing to fly on.
      problems.push(`no stack: ${(error as Error).message}`);
      break;
    }
  return waiting.length === 0
    ? problems
    : [...problems, `not flown: ${waiting.map(({ name }) => name).join(', ')}`];
}
