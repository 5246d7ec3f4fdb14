import { join } from 'node:path';
import { playProgramme } from '../chaos/play-programme.ts';
import { drawProgramme } from '../chaos/programme.ts';
import { scoreExperiment } from '../chaos/score.ts';
import { readFaults } from '../fault/read-faults.ts';

/** Faults that the platform tells of, or heals, within minutes; by this seed each of them once, alone. */
const ONLY = ['storefront-killed', 'failing-storefront'];
const SEED = 5;
/** All of it has to end by itself. */
const CALM_TIMEOUT_MS = 20 * 60_000;

export interface ExperimentResult {
  readonly name: string;
  readonly seconds: number;
  /** undefined where all of it is right. */
  readonly failure: string | undefined;
}

/** Names of a short chaos programme's experiments: `chaos storefront-killed`. */
export const SHORT_PROGRAMME = ONLY.map((fault) => `chaos ${fault}`);

export function shortProgramme(root: string) {
  const all = readFaults(join(root, 'alert-lab', 'faults'));
  const drawable = all.filter(({ name }) => ONLY.includes(name));
  return {
    faults: new Map(all.map((each) => [each.name, each])),
    experiments: drawProgramme(drawable, { seed: SEED, count: ONLY.length }),
  };
}

/**
 * Plays it on a stack of its own, as shipped.
 *
 * @throws Error naming those that could not be played, once the others were
 */
export async function playShortProgramme({
  onResult,
  play = playProgramme,
  ...options
}: {
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly onProgress: (line: string) => void;
  /** Of each that was played. */
  readonly onResult: (result: ExperimentResult) => void;
  readonly signal: AbortSignal;
  readonly play?: typeof playProgramme;
}): Promise<void> {
  const { faults, experiments } = shortProgramme(options.root);
  const problems = await play({
    ...options,
    faults,
    experiments,
    stacks: 1,
    calmTimeoutMs: CALM_TIMEOUT_MS,
    onRecord(record) {
      const [played] = record.played;
      onResult({
        name: `chaos ${played?.fault}`,
        seconds: Math.round(((played?.endedMs ?? 0) - (played?.beganMs ?? 0)) / 1000),
        failure: failureOf(scoreExperiment(record, faults)),
      });
    },
  });
  if (problems.length > 0) throw new Error(problems.join('; '));
}

/** What the platform did not get right in an experiment. */
export function failureOf({
  faults,
  falseIncidents,
  isCalm,
  problems,
}: ReturnType<typeof scoreExperiment>): string | undefined {
  const wrong = [
    ...problems,
    ...(falseIncidents > 0 ? [`${falseIncidents} incidents before it began`] : []),
    ...faults.flatMap((score) => [
      ...(score.isInTime ? [] : [`detected after ${score.detectedSeconds ?? 'no'} s`]),
      ...(score.lastRoot?.isFirst === false ? ['another root'] : []),
      ...score.wrongActs.map((action) => `${action} acted`),
      ...(score.mayHeal && score.healedSeconds === null ? ['not healed'] : []),
    ]),
    ...(isCalm ? [] : ['incidents stay open']),
  ];
  return wrong.length > 0 ? wrong.join('; ') : undefined;
}
