import { seededRandom } from '@aiops-sre/service-kit/random/seeded-random.ts';
import type { Experiment } from './experiment-record.ts';

interface Drawable {
  readonly name: string;
  readonly kind: 'fault' | 'harmless';
  readonly weight: number;
  readonly begin?: readonly { readonly deploy?: object | undefined }[];
}

/** Of all experiments: with something harmless beside the fault, and of two faults. The others are of one fault alone. */
const HERRINGS = 0.15;
const PAIRS = 0.15;
const QUIET_SECONDS = { least: 60, most: 180 } as const;
const MOST_HERRING_LEAD_SECONDS = 60;

/**
 * The same experiments for the same seed and faults; the first ones of a longer programme are those of a shorter.
 *
 * @throws Error where there is no fault to draw
 */
export function drawProgramme(
  drawable: readonly Drawable[],
  { seed, count }: { readonly seed: number; readonly count: number },
): readonly Experiment[] {
  const faults = drawable.filter(({ kind }) => kind === 'fault');
  const herrings = drawable.filter(({ kind }) => kind === 'harmless');
  if (faults.length === 0) throw new Error('no fault to draw from');
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    // As many numbers for each experiment, whatever it becomes.
    const kind = random();
    const first = drawn(faults, random());
    const second = drawn(without(faults, first), random());
    const herring = drawn(beside(first, herrings), random());
    const lead = Math.round(random() * MOST_HERRING_LEAD_SECONDS);
    const quiet = QUIET_SECONDS.least + random() * (QUIET_SECONDS.most - QUIET_SECONDS.least);
    const isPair = kind < PAIRS && second !== undefined;
    const hasHerring = kind >= 1 - HERRINGS && herring !== undefined;
    return {
      number: index + 1,
      faults: isPair ? [first!.name, second.name] : [first!.name],
      herring: hasHerring ? herring.name : null,
      herringLeadSeconds: hasHerring ? lead : 0,
      quietSeconds: Math.round(quiet),
    };
  });
}

/** One deployment at a time: another is refused. */
const beside = (fault: Drawable | undefined, herrings: readonly Drawable[]) =>
  fault && isDeployment(fault) ? herrings.filter((each) => !isDeployment(each)) : herrings;
const isDeployment = ({ begin = [] }: Drawable) => begin.some(({ deploy }) => deploy !== undefined);

const without = (faults: readonly Drawable[], one: Drawable | undefined) =>
  faults.filter(({ name }) => name !== one?.name);

function drawn(from: readonly Drawable[], chance: number): Drawable | undefined {
  let left = chance * from.reduce((sum, { weight }) => sum + weight, 0);
  return (
    from.find(({ weight }) => {
      left -= weight;
      return left < 0;
    }) ?? from.at(-1)
  );
}
