import { readYamlFolder } from '@aiops-sre/service-kit/yaml/read-yaml.ts';
import { newJournal } from '../deed/perform.ts';
import { type Cast, incidentOf } from './cast.ts';
import { verify } from './checks.ts';
import { compare, holds } from './conditions.ts';
import { perform } from './deeds.ts';
import type { Drill, Stage } from './drill.ts';
import { type DrillDocument, drillSchema, type Expectation } from './drill-schema.ts';
import type { Truth } from './judge-by-truth.ts';

export interface DrillFile extends Drill {
  readonly test: NonNullable<DrillDocument['test']>;
  readonly steps: DrillDocument['steps'];
}

/** All drills of a folder, by name: each is a file NAME.yaml. @throws {FileError} with all that is wrong with them */
export function readDrills(folder: string): readonly DrillFile[] {
  return [...readYamlFolder(folder, drillSchema)].map(([name, document]) => toDrill(name, document));
}

function toDrill(name: string, { description, ready, steps, test = {} }: DrillDocument): DrillFile {
  return {
    name,
    description,
    test,
    steps,
    truth: truthOf(steps),
    ...(ready && {
      ready: {
        what: ready.what,
        withinSeconds: ready.within,
        holds: async (stack) => compare(await stack.prometheus.value(ready.query), ready.is),
      },
    }),
    play: (stage) => play(steps, stage),
  };
}

/** What the last step about the root expects; actions are those that steps wait for. */
function truthOf(steps: DrillDocument['steps']): Truth | undefined {
  const root = steps.flatMap((step) => ('root' in step && step.root ? [step.root] : [])).at(-1);
  const actions = steps.flatMap((step) => [
    ...('action' in step && step.action ? [step.action.name] : []),
    ...('taken' in step ? Object.keys(step.taken ?? {}) : []),
  ]);
  return root && { cause: [root.cause], service: [root.service], instance: root.instance, actions };
}

async function play(steps: DrillDocument['steps'], stage: Stage): Promise<{ readonly incidentId: number }> {
  const cast: Cast = newJournal();
  for (const step of steps) {
    if ('do' in step) {
      if (step.retryFor === undefined) {
        await perform(step, stage, cast);
        stage.mark(step.do);
      } else
        await stage.within(step.do, stage.elapsed() + step.retryFor, async () => {
          await perform(step, stage, cast);
          return true;
        });
    } else if ('expect' in step)
      await stage.within(step.expect, await allowedSeconds(step, stage), () => holds(step, stage, cast));
    else {
      await verify(step, stage, cast);
      stage.mark(step.check);
    }
  }
  return { incidentId: incidentOf(cast) };
}

async function allowedSeconds({ by, within, longerBy }: Expectation, stage: Stage): Promise<number> {
  const patience = longerBy && (await stage.stack.alertRule(longerBy.alert));
  const longer =
    patience === undefined ? 0 : longerBy?.its === 'for' ? patience.forSeconds : patience.keepFiringSeconds;
  return longer + (by ?? stage.elapsed() + (within ?? 0));
}
