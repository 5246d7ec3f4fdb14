import { readFlagDocument } from '@aiops-sre/service-kit/flags/flag-document.ts';
import { FileError } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { eachFile, type PartContent } from '../part.ts';

/** Feature flags in flagd's format. */
export function readHomeFlags(files: readonly string[]): PartContent {
  return eachFile(files, new Map(), (file, text) => {
    try {
      readFlagDocument(text);
    } catch (error) {
      throw new FileError([
        { file, path: '', found: (error as Error).message, possible: 'flags as flagd has them' },
      ]);
    }
    return text;
  });
}
