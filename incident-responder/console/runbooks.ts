import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** No dot and no separator: a name can't lead out of the folder. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

/** Names of the runbooks in `dir`, sorted; none if there is no such folder. Symbolic links are left out. */
export async function runbookNames(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => entry.name.slice(0, -3))
    .filter((name) => NAME.test(name))
    .sort();
}

/** Markdown of one of {@link runbookNames}; undefined for any other name. */
export async function readRunbook(dir: string, name: string): Promise<string | undefined> {
  if (!NAME.test(name) || !(await runbookNames(dir)).includes(name)) return undefined;
  return readFile(join(dir, `${name}.md`), 'utf8');
}
