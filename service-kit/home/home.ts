import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Environment } from '../settings/environment.ts';

/** The folders of a home folder, and the endings of the files that each is read for. */
export const HOME_PARTS = {
  slos: ['.yaml', '.yml'],
  'anomaly-rules': ['.yaml'],
  actions: ['.yaml'],
  receivers: ['.yml', '.yaml'],
  dashboards: ['.json'],
  flags: ['.json'],
  targets: ['.json', '.yaml', '.yml'],
  runbooks: ['.md'],
  'on-call': ['.md', '.yaml'],
  calendars: ['.ics'],
} as const satisfies Record<string, readonly string[]>;
export type HomePart = keyof typeof HOME_PARTS;

/**
 * The folder of what its user adds to the platform: AIOPS_HOME, else `my` in the checkout. It need not be there.
 *
 * @param root of the checkout, which a relative AIOPS_HOME starts from.
 */
export function homeFolder(root: string, environment: Environment): string {
  return resolve(root, environment.AIOPS_HOME || 'my');
}

/** Files of one of its folders, by whole path, sorted; none where there is no such folder. Hidden files are left out. */
export function homeFiles(home: string, part: HomePart): readonly string[] {
  const folder = join(home, part);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
  return names
    .filter((name) => !name.startsWith('.') && HOME_PARTS[part].some((ending) => name.endsWith(ending)))
    .sort()
    .map((name) => join(folder, name));
}
