import type { RunningStack } from '../drill/running-stack.ts';
import type { Mission } from './read-missions.ts';

/** Undoes what was done, the last first, and gives each flag its variant of before. @returns what could not be put back */
export async function putBack(
  stack: RunningStack,
  undo: readonly (() => Promise<void> | void)[],
  flags: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const problems: string[] = [];
  const resetFlags = () => {
    for (const [flag, variant] of flags) if (stack.flag(flag) !== variant) stack.setFlag(flag, variant);
  };
  for (const each of [...undo.toReversed(), resetFlags])
    try {
      await each();
    } catch (error) {
      problems.push(`not put back: ${(error as Error).message}`);
    }
  return problems;
}

/** Undoes of what a pilot that was killed left behind, from the mission's file alone. */
export function undoOf(stack: RunningStack, { fault }: Mission): readonly (() => Promise<void>)[] {
  const act = (names: readonly string[], action: 'start' | 'restart') =>
    names.map((name) => async () => void (await stack.supervisor.act(name, action)));
  return fault.begin.flatMap(({ faults, stop = [], kill = [], crashLoop, pause = [] }) => [
    ...(faults ? [() => stack.clearFaults(faults.instance)] : []),
    ...act([...stop, ...kill, ...(crashLoop ? [crashLoop.process] : [])], 'start'),
    // It may hang still, and nobody knows its number any more.
    ...act(pause, 'restart'),
  ]);
}
