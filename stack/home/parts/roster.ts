import { basename } from 'node:path';
import { rosterSchema } from '@aiops-sre/incident-responder/on-call/roster.ts';
import { FileError } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { readYaml } from '@aiops-sre/service-kit/yaml/read-yaml.ts';
import { eachFile, type PartContent } from '../part.ts';

const NAME = 'oncall.yaml';

/** Who is on call, which the responder reads by itself: one file. */
export function readHomeRoster(files: readonly string[]): PartContent {
  return eachFile(files, new Map(), (file, text) => {
    if (basename(file) !== NAME)
      throw new FileError([{ file, path: '', found: basename(file), possible: `${NAME}, the one roster` }]);
    readYaml(file, text, rosterSchema);
    return text;
  });
}
