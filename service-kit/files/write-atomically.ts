import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes the file, and its folder, so that a reader, a crash or a full disk leaves the old one or the new one and nothing
 * between. Not for two writers of one file at once. Rejects with what the disk says, and then the old one is still there.
 *
 * @param mode of a new file, less the umask.
 */
export async function writeAtomically(
  file: string,
  content: string | Iterable<Uint8Array>,
  mode = 0o666,
): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const partial = `${file}.partial`;
  try {
    // Node's own, since the package write-file-atomic puts a file in place that a full disk has cut short.
    await writeFile(partial, content, { mode, flush: true });
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  }
}
