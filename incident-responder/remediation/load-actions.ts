import { join } from 'node:path';
import { shown } from '@aiops-sre/service-kit/schema/check.ts';
import { FileError } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { readYamlFolder } from '@aiops-sre/service-kit/yaml/read-yaml.ts';
import { type ActionDefinition, actionDefinitionSchema } from './action-definition.ts';

/**
 * Every `*.yaml` of a folder, by name.
 *
 * @throws {FileError} with a line for each problem. One bad file refuses them all: half of what was meant to run is worse
 * than a start that fails.
 */
export function loadActions(folder: string): ReadonlyMap<string, ActionDefinition> {
  const read = readYamlFolder(folder, actionDefinitionSchema);
  const problems = [...read].flatMap(([name, { undoes }]) =>
    undoes === undefined || read.has(undoes)
      ? []
      : [
          {
            file: join(folder, `${name}.yaml`),
            path: 'undoes',
            found: shown(undoes),
            possible: 'the name of an action',
          },
        ],
  );
  if (problems.length > 0) throw new FileError(problems);
  return new Map([...read].map(([name, definition]) => [name, { ...definition, name }]));
}
