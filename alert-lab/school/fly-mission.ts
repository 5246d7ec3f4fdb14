import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { untilCalm } from '../drill/calm.ts';
import type { RunningStack } from '../drill/running-stack.ts';
import type { Flight } from './flight.ts';
import { fly, type Pace, type Pilot, type Progress } from './fly.ts';
import { putBack, undoOf } from './put-back.ts';
import type { Mission } from './read-missions.ts';
import { keepFlight } from './results.ts';
import { LockError, lockStack } from './stack-lock.ts';

const CALM_TIMEOUT_MS = 10 * 60_000;

export interface FlyMissionOptions {
  readonly mission: Mission;
  readonly missions: readonly Mission[];
  readonly pilot: Pilot;
  readonly stack: RunningStack;
  /** Where flights are kept. */
  readonly results: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly show?: (progress: Progress) => void;
  readonly pace?: Partial<Pace>;
  /** Called once the stack is calm: from now on it may begin at any moment. */
  readonly onCalm?: () => void;
}

/**
 * Flies a mission on a stack that nobody else flies on, once it is calm, and keeps how that went. What a pilot that is no
 * more left behind is put back first.
 *
 * @throws LockError while another flies; SchoolError where it is interrupted before, or the stack does not calm down
 */
export async function flyMission(options: FlyMissionOptions): Promise<Flight> {
  const { mission, missions, pilot, stack, results, signal, say, show, pace, onCalm = () => {} } = options;
  const lockFile = join(stack.dataDir, 'school', 'flight.json');
  const lock = await lockStack(
    lockFile,
    { pid: process.pid, mission: mission.name, flags: Object.fromEntries(stack.flags()) },
    async (left) => {
      say(`${left.mission} was left in the middle: it is put back`);
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
    const isCalm = await untilCalm(stack, {
      timeoutMs: CALM_TIMEOUT_MS,
      signal,
      meanwhile: async () => lock.beat(),
    }).catch((error: Error) => {
      throw signal.aborted ? new SchoolError('interrupted before it began: nothing was changed') : error;
    });
    if (!isCalm) throw new SchoolError('The stack does not calm down: look at its open incidents first');
    onCalm();
    const flight = await fly({
      mission,
      pilot,
      stack,
      signal,
      say,
      beat: lock.beat,
      ...(show && { show }),
      ...(pace && { pace }),
    });
    isPutBack = !flight.problems.some((each) => each.startsWith('not put back'));
    await keepFlight(results, flight);
    return flight;
  } finally {
    // What could not be put back is put back by the next who comes.
    if (isPutBack && existsSync(lockFile)) lock.release();
  }
}

export class SchoolError extends Error {
  override readonly name = 'SchoolError';
}
