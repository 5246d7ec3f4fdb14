import { readYamlFolder } from '@aiops-sre/service-kit/yaml/read-yaml.ts';
import { type FaultDocument, faultSchema } from './fault-schema.ts';

export interface Fault extends FaultDocument {
  readonly name: string;
}

/** All faults of a folder, by name: each is a file NAME.yaml. @throws {FileError} with all that is wrong with them */
export function readFaults(folder: string): readonly Fault[] {
  return [...readYamlFolder(folder, faultSchema)].map(([name, document]) => ({ name, ...document }));
}
