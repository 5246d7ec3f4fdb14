import { readFile, writeFile } from 'node:fs/promises';
import { writeAtomically } from '@aiops-sre/service-kit/files/write-atomically.ts';
import {
  type FlagState,
  readFlagDocument,
  withDefaultVariant,
} from '@aiops-sre/service-kit/flags/flag-document.ts';

export interface FlagFile {
  /** Rejects with an Error that names the file, if it can't be read or is of another form. */
  read(): Promise<ReadonlyMap<string, FlagState>>;
  /**
   * Makes another of a flag's variants the default (null: none), and touches nothing else. Where the folder lets it, the
   * file is replaced at once: a reader sees the one or the other document.
   */
  setDefaultVariant(flag: string, variant: string | null): Promise<void>;
}

export function openFlagFile(file: string): FlagFile {
  let last: { readonly text: string; readonly flags: ReadonlyMap<string, FlagState> } | undefined;
  return {
    async read() {
      try {
        const text = await readFile(file, 'utf8');
        if (last?.text !== text) last = { text, flags: readFlagDocument(text).flags };
        return last.flags;
      } catch (cause) {
        throw new Error(`${file}: cannot be read as a flag document: ${(cause as Error).message}`, { cause });
      }
    },
    async setDefaultVariant(flag, variant) {
      const text = await readFile(file, 'utf8');
      try {
        await replace(file, withDefaultVariant(text, flag, variant));
      } catch (cause) {
        throw new Error(`${file}: ${(cause as Error).message}`, { cause });
      }
    },
  };
}

/** What says that there is nothing beside the file to write to, or that it is a mount of its own. */
const ALONE = new Set(['EROFS', 'EACCES', 'EPERM', 'EBUSY', 'EXDEV']);

async function replace(file: string, content: string): Promise<void> {
  try {
    await writeAtomically(file, content);
  } catch (error) {
    if (!ALONE.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    // A container may be given the file alone: the least that lets it change a flag.
    await writeFile(file, content);
  }
}
