import { accessSync, constants } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { execa } from 'execa';
import type { Recipe } from './recipes.ts';

/** The largest take seconds for it on a busy host. */
const VERSION_TIMEOUT_MS = 15_000;

/** What a binary is called where it comes from others: the core distribution's `otelcol` lacks components. */
const NAMES_ON_PATH: Readonly<Record<string, readonly string[]>> = {
  otelcol: ['otelcol-contrib', 'otelcol'],
};

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
export async function hasVersion(file: string, version: string): Promise<boolean> {
  try {
    const { stdout, stderr } = await execa(file, ['--version'], { timeout: VERSION_TIMEOUT_MS });
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
    const file = (NAMES_ON_PATH[binary] ?? [binary])
      .map((name) => onPath(name, path))
      .find((each) => each !== undefined);
    if (!file || !(await hasVersion(file, recipe.version))) return undefined;
    found[binary] = file;
  }
  return found;
}
