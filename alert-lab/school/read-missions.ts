import { join } from 'node:path';
import { readYamlFolder } from '@aiops-sre/service-kit/yaml/read-yaml.ts';
import { type Fault, readFaults } from '../fault/read-faults.ts';
import { type MissionDocument, missionSchema } from './mission-schema.ts';
import { actOf, lineOf } from './step.ts';

export interface Mission extends Omit<MissionDocument, 'fault' | 'healed'> {
  readonly name: string;
  readonly fault: Fault & { readonly truth: NonNullable<Fault['truth']> };
  readonly healed: NonNullable<Fault['healed']>;
  /** All that may be done without being a mistake. */
  readonly rightActs: readonly string[];
}

/** The ladder, from the first to the last. @throws {FileError} or MissionError with what is wrong with a file */
export function readMissions(alertLab: string): readonly Mission[] {
  const faults = readFaults(join(alertLab, 'faults'));
  return [...readYamlFolder(join(alertLab, 'missions'), missionSchema)]
    .map(([name, document]) => toMission(name, document, faults))
    .toSorted((one, other) => one.rank - other.rank || one.number - other.number);
}

function toMission(name: string, document: MissionDocument, faults: readonly Fault[]): Mission {
  const problem = (path: string, got: string, expected: string) =>
    new MissionError(`missions/${name}.yaml: ${path}: got ${got}, expected ${expected}`);
  const fault = faults.find((each) => each.name === document.fault);
  if (fault === undefined) throw problem('fault', document.fault, 'a file of faults');
  const { truth } = fault;
  if (truth === undefined)
    throw problem('fault', `${fault.name}, which is harmless`, 'one with a truth to name');
  const healed = document.healed ?? fault.healed;
  if (healed === undefined)
    throw problem('healed', 'none', `a query, since the fault ${fault.name} has none`);
  const acts = [...document.expert, ...document.alsoRight].flatMap((step) => actOf(step) ?? []);
  return {
    ...document,
    name,
    fault: { ...fault, truth },
    healed,
    rightActs: [...acts, ...fault.expect.actions.map((action) => `action ${action}`)],
  };
}

/** All that its expert types, the postmortem included. */
export const expertLines = ({ expert, contributing, improve }: Mission): readonly string[] => [
  ...expert.map(lineOf),
  `contributing ${contributing[0]}`,
  `improve ${improve[0]}`,
];

class MissionError extends Error {
  override readonly name = 'MissionError';
}
