import { accessSync, constants } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { execa } from 'execa';
import type { Recipe } from './recipes.ts';

function onPath(binary: string, path: string): string | undefined {
  for (const folder of path.split(delimiter).filter(Boolean)) {
    const file = join(folder, binary);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {}
  }
  return undefined;
}

/** Whether `file --version` names exactly this version (`version 3.15.0,` or `k6 v1.8.1`, but not `version 3.15.01`). */
async function hasVersion(file: string, version: string): Promise<boolean> {
  try {
    const { stdout, stderr } = await execa(file, ['--version'], { timeout: 5_000 });
    return new RegExp(`(?:version|${basename(file)}) v?${version.replaceAll('.', '\\.')}(?![\\w.])`).test(
      `${stdout} ${stderr}`,
    );
  } catch {
    return false;
  }
}

/**
 * A recipe's binaries on the PATH, all of them at the pinned version; undefined where one is missing or differs.
 *
 * @returns absolute paths by binary name.
 */
export async function findOnPath(recipe: Recipe, path: string): Promise<Record<string, string> | undefined> {
  const found: Record<string, string> = {};
  for (const binary of recipe.binaries) {
    const file = onPath(binary, path);
    if (!file || !(await hasVersion(file, recipe.version))) return undefined;
    found[binary] = file;
  }
  return found;
}
