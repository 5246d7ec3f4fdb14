import { lstat, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/** Documentation alone: what is under `docs`, and what folders say about themselves. No dot can lead out of it. */
const DOCUMENT =
  /^(?:docs\/(?:[A-Za-z0-9][\w-]*\/){0,3}[A-Za-z0-9][\w.-]*|(?:[a-z][\w-]*\/){0,2}[A-Z]+)\.md$/;

/** Markdown of a page of documentation of this checkout; undefined for any other path. */
export async function readDocument(repository: string, path: string): Promise<string | undefined> {
  if (!DOCUMENT.test(path) || path.startsWith('node_modules/')) return undefined;
  const file = join(await realpath(repository), path);
  try {
    // Neither it nor a folder on the way is a link.
    if (!(await lstat(file)).isFile() || (await realpath(file)) !== file) return undefined;
    return await readFile(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
