import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const TEMPLATE = join(import.meta.dirname, 'template');

/**
 * Makes a home folder with a README and an example in each of its folders. What is there already stays as it is.
 *
 * @returns what was made, by path from the folder.
 * @throws Error where the folder cannot be written.
 */
export function initHome(home: string): readonly string[] {
  const made: string[] = [];
  const copy = (from: string, path: string) => {
    if (existsSync(join(home, path))) return;
    cpSync(join(TEMPLATE, from), join(home, path));
    made.push(path);
  };
  try {
    mkdirSync(home, { recursive: true });
    for (const entry of readdirSync(TEMPLATE, { withFileTypes: true })) {
      if (!entry.isDirectory()) {
        // Under its own name it would hold for the template.
        copy(entry.name, entry.name === 'gitignore' ? '.gitignore' : entry.name);
        continue;
      }
      mkdirSync(join(home, entry.name), { recursive: true });
      for (const name of readdirSync(join(TEMPLATE, entry.name)))
        if (!existsSync(join(home, entry.name, name.replace(/\.example$/, ''))))
          copy(join(entry.name, name), join(entry.name, name));
    }
  } catch (cause) {
    throw new Error(`${home}: ${(cause as Error).message}. If it is root's, Docker made it: sudo chown it.`, {
      cause,
    });
  }
  return made;
}
