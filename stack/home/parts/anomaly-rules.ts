import { loadRules, parseRules } from '@aiops-sre/anomaly-detector/rules/load-rules.ts';
import { FileError } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { byName, eachFile, type PartContent } from '../part.ts';

/** Rules of the detector: names are of one file alone, those of the shipped files included. */
export function readHomeAnomalyRules(files: readonly string[], shipped: readonly string[]): PartContent {
  const fileOf = new Map(shipped.flatMap((file) => loadRules(file).map(({ name }) => [name, file] as const)));
  return eachFile(files, byName(shipped), (file, text) => {
    const names = parseRules(text, file).map(({ name }) => name);
    for (const name of names) {
      const other = fileOf.get(name);
      if (other !== undefined)
        throw new FileError([
          { file, path: 'rules', found: name, possible: `a name that ${other} does not have already` },
        ]);
    }
    for (const name of names) fileOf.set(name, file);
    return text;
  });
}
