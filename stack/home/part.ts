import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { FileError, type FileProblem } from '@aiops-sre/service-kit/yaml/file-problem.ts';

const MAX_BYTES = 1_000_000;

/** What one folder of the home gives: files for the components, by the name that they get, and what was refused. */
export interface PartContent {
  readonly files: ReadonlyMap<string, string>;
  readonly problems: readonly FileProblem[];
}

/** Text of a file of the home. @throws {FileError} where it cannot be read or is too long */
export function readHomeFile(file: string): string {
  const refuse = (found: string, possible: string) => new FileError([{ file, path: '', found, possible }]);
  let bytes: number;
  try {
    const found = statSync(file);
    if (!found.isFile()) throw new Error('no file');
    bytes = found.size;
    if (bytes <= MAX_BYTES) return readFileSync(file, 'utf8');
  } catch (error) {
    throw refuse((error as Error).message, 'a file that can be read');
  }
  throw refuse(`${bytes} bytes`, `at most ${MAX_BYTES}`);
}

/**
 * Takes each file by itself: one that `take` throws a FileError for is left out, and the others count.
 *
 * @param take gives the content that the component is to have.
 * @param taken what has the name already, by name: another file of the home, or a shipped one.
 */
export function eachFile(
  files: readonly string[],
  taken: ReadonlyMap<string, string>,
  take: (file: string, text: string) => string,
): PartContent {
  const content = new Map<string, string>();
  const problems: FileProblem[] = [];
  for (const file of files) {
    const name = basename(file);
    const other = taken.get(name);
    try {
      if (other !== undefined)
        throw new FileError([
          { file, path: '', found: name, possible: `a name that ${other} does not have already` },
        ]);
      content.set(name, take(file, readHomeFile(file)));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      problems.push(...error.problems);
    }
  }
  return { files: content, problems };
}

/** Names of files, and whole paths by them. */
export const byName = (files: readonly string[]): ReadonlyMap<string, string> =>
  new Map(files.map((file) => [basename(file), file]));
