import { basename } from 'node:path';
import { FileError } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { eachFile, type PartContent } from '../part.ts';

/** As the console takes names of pages. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}\.md$/;

/** Runbooks and pages about on-call. One takes the place of a shipped one of its name, which is how to have one's own. */
export function readHomePages(files: readonly string[], taken: ReadonlyMap<string, string>): PartContent {
  return eachFile(files, taken, (file, text) => {
    const refuse = (found: string, possible: string) => {
      throw new FileError([{ file, path: '', found, possible }]);
    };
    if (!NAME.test(basename(file)))
      refuse(basename(file), 'a name of letters, digits, - and _, such as ErrorBudgetBurn.md');
    if (text.trim() === '') refuse('nothing', 'Markdown');
    return text;
  });
}
