import { readFile } from 'node:fs/promises';

/** Text of a file; undefined where there is none. @throws what else the disk throws */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
