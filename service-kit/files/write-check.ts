import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** More than a nearly full disk may still take of a small file. */
const BYTES = 64 * 1024;

/**
 * Whether a folder's disk still takes what is written: to be asked for by readiness, as a full disk lets everything be
 * read. Writes and removes 64 KB, once in `everyMs` however often it is asked.
 *
 * @returns what stands in the way, or undefined; never rejects
 */
export function createWriteCheck(options: {
  readonly folder: string;
  readonly everyMs?: number;
}): () => Promise<string | undefined> {
  const { folder, everyMs = 10_000 } = options;
  const file = join(folder, '.write-check');
  let checked: { readonly atMs: number; readonly problem: Promise<string | undefined> } | undefined;

  async function problem(): Promise<string | undefined> {
    try {
      await writeFile(file, Buffer.alloc(BYTES, 1), { mode: 0o600, flush: true });
      return undefined;
    } catch (error) {
      return `nothing can be written to ${folder}: ${(error as Error).message}`;
    } finally {
      await rm(file, { force: true }).catch(() => undefined);
    }
  }

  return () => {
    const nowMs = performance.now();
    if (checked === undefined || nowMs - checked.atMs >= everyMs)
      checked = { atMs: nowMs, problem: problem() };
    return checked.problem;
  };
}
