import { untilCalm } from '../drill/calm.ts';
import { withLabStack } from '../drill-check/with-lab-stack.ts';
import type { Fault } from '../fault/read-faults.ts';
import type { Experiment, ExperimentRecord } from './experiment-record.ts';
import { playExperiment } from './play-experiment.ts';

/** After a start: what it computes first, and the detector's first two minutes. */
const CALM_TIMEOUT_MS = 15 * 60_000;

export interface ProgrammeOptions {
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly experiments: readonly Experiment[];
  readonly faults: ReadonlyMap<string, Fault>;
  /** So many native stacks side by side. */
  readonly stacks: number;
  /** After an experiment: a stack that is not calm by then is ended. */
  readonly calmTimeoutMs: number;
  readonly onProgress: (line: string) => void;
  readonly onRecord: (record: ExperimentRecord) => void;
  readonly signal: AbortSignal;
}

/**
 * Plays experiments one after the other on stacks of their own, as they are shipped. A stack that does not calm down in time after
 * one is ended, and the next experiment gets a new one. What the whole machine suffers from is played at the end, by one stack alone.
 *
 * @returns what could not be played, and why
 */
export async function playProgramme(options: ProgrammeOptions): Promise<readonly string[]> {
  const { experiments, stacks, faults } = options;
  const isOfMachine = (experiment: Experiment) =>
    experiment.faults.some((name) => faults.get(name)?.begin.some((deed) => deed.noisyNeighbours));
  const apart = Object.groupBy(experiments, (each) => (isOfMachine(each) ? 'alone' : 'sideBySide'));
  return [
    ...(await playOnStacks(apart.sideBySide ?? [], stacks, options)),
    ...(await playOnStacks(apart.alone ?? [], 1, options)),
  ];
}

async function playOnStacks(
  experiments: readonly Experiment[],
  most: number,
  { root, environment, faults, calmTimeoutMs, onProgress, onRecord, signal }: ProgrammeOptions,
): Promise<readonly string[]> {
  const waiting = [...experiments];
  const problems: string[] = [];
  const stacks = Math.min(most, waiting.length);
  const allUp = barrier(stacks);

  async function playOnOneStack(name: string): Promise<void> {
    await withLabStack({ root, environment, signal, prefix: name }, async (stack) => {
      if (!(await untilCalm(stack, { timeoutMs: CALM_TIMEOUT_MS, signal })))
        throw new Error(`does not calm down after its start within ${CALM_TIMEOUT_MS / 1000} s`);
      allUp.arrive(name);
      await allUp.reached;
      for (let experiment = waiting.shift(); experiment !== undefined; experiment = waiting.shift()) {
        const { number } = experiment;
        try {
          const record = await playExperiment({
            experiment,
            faults,
            stack,
            pace: { calmTimeoutMs },
            onProgress: (line) => onProgress(`${name}, experiment ${number}: ${line}`),
            signal,
          });
          onRecord(record);
          if (record.calmAfterSeconds === null) return;
        } catch (error) {
          problems.push(`experiment ${number}: ${(error as Error).message}`);
          return;
        }
      }
    });
  }

  await Promise.all(
    Array.from({ length: stacks }, async (_, index) => {
      const name = `chaos ${index + 1}`;
      while (waiting.length > 0 && !signal.aborted) {
        try {
          await playOnOneStack(name);
        } catch (error) {
          problems.push(`${name}: ${(error as Error).message}`);
          allUp.arrive(name);
          return;
        }
      }
    }),
  );
  if (waiting.length > 0) problems.push(`not played: ${waiting.map(({ number }) => number).join(', ')}`);
  return problems;
}

/** Reached when so many have arrived: what one computes at its first start makes others slow, and would be told as trouble. */
function barrier(count: number) {
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  const there = new Set<string>();
  return {
    reached,
    arrive(name: string): void {
      there.add(name);
      if (there.size === count) resolve();
    },
  };
}
