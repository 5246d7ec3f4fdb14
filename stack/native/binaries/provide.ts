import { join } from 'node:path';
import type { Progress } from '../../progress.ts';
import type { Settings } from '../../settings.ts';
import { build, cachedBuild, requireGo } from './build.ts';
import { findOnPath } from './find.ts';
import type { Recipe } from './recipes.ts';

/** Absolute paths of binaries by name: prometheus, promtool, ... */
export type Binaries = Readonly<Record<string, string>>;

/** Two builds at a time: one links on a single core while the other compiles. */
const PARALLEL_BUILDS = 2;

/**
 * The binaries of all recipes: from the PATH at the pinned version, else from the cache, else built into it.
 *
 * @throws GoMissingError when something has to be built and there is no Go.
 */
export async function provideBinaries(options: {
  readonly settings: Settings;
  readonly recipes: readonly Recipe[];
  readonly path: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}): Promise<Binaries> {
  const { settings, recipes, path, progress, signal } = options;
  const binaries: Record<string, string> = {};
  const missing: Recipe[] = [];
  const take = (recipe: Recipe, folder: string) => {
    for (const binary of recipe.binaries) binaries[binary] = join(folder, binary);
  };
  for (const recipe of recipes) {
    const cached = cachedBuild(settings, recipe);
    const found = cached ? undefined : await findOnPath(recipe, path);
    if (cached) take(recipe, cached);
    else if (found) Object.assign(binaries, found);
    else missing.push(recipe);
  }
  if (missing.length === 0) return binaries;

  await requireGo(signal);
  progress.note(
    `Building ${missing.map((each) => `${each.name} ${each.version}`).join(', ')} from Go modules, once, into ${settings.cacheDir}.`,
  );
  const queue = [...missing];
  const worker = async () => {
    for (let recipe = queue.shift(); recipe; recipe = queue.shift()) {
      const task = progress.task(recipe.name);
      take(recipe, await build({ settings, recipe, signal, onStep: (step) => task.step(step) }));
      task.done(`built ${recipe.version}`);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_BUILDS }, worker));
  return binaries;
}
