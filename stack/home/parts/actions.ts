import { basename } from 'node:path';
import { actionDefinitionSchema } from '@aiops-sre/incident-responder/remediation/action-definition.ts';
import { shown } from '@aiops-sre/service-kit/schema/check.ts';
import type { FileProblem } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { readYaml } from '@aiops-sre/service-kit/yaml/read-yaml.ts';
import { byName, eachFile, type PartContent } from '../part.ts';

/** Actions of the responder. One that undoes another needs that other, of the home or shipped. */
export function readHomeActions(files: readonly string[], shipped: readonly string[]): PartContent {
  const undone = new Map<string, string>();
  const { files: taken, problems } = eachFile(files, byName(shipped), (file, text) => {
    const { undoes } = readYaml(file, text, actionDefinitionSchema);
    if (undoes !== undefined) undone.set(basename(file), undoes);
    return text;
  });
  const left = new Map(taken);
  const more: FileProblem[] = [];
  // Leaving one out may take away what another undoes.
  for (let changed = true; changed; ) {
    changed = false;
    const known = new Set([...left.keys(), ...byName(shipped).keys()]);
    for (const file of files) {
      const undoes = undone.get(basename(file));
      if (!left.has(basename(file)) || undoes === undefined || known.has(`${undoes}.yaml`)) continue;
      more.push({ file, path: 'undoes', found: shown(undoes), possible: 'the name of an action' });
      left.delete(basename(file));
      changed = true;
    }
  }
  return { files: left, problems: [...problems, ...more] };
}
