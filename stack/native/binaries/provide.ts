import { join } from 'node:path';
import type { Progress } from '../../progress.ts';
import type { Settings } from '../../settings.ts';
import { build, cachedBuild, GoMissingError, requireGo } from './build.ts';
import { findOnPath } from './find.ts';
import type { Recipe } from './recipes.ts';
import { cachedRelease, createReleaseFetcher, type ReleaseFetcher } from './released.ts';
import { type Release, releases } from './releases.ts';

/** Absolute paths of binaries by name: prometheus, promtool, ... */
export type Binaries = Readonly<Record<string, string>>;

/** Two builds at a time: one links on a single core while the other compiles. Two downloads: one unpacks meanwhile. */
const PARALLEL = 2;

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

/** The official releases for this host. */
export function releasesHere(settings: Settings): ReadonlyMap<string, Release> {
  return releases(settings, { os: process.platform, arch: process.arch });
}

/** A recipe's binaries where they need not be fetched or built: on the PATH at the pinned version, or in the cache. */
export async function presentBinaries(
  settings: Settings,
  recipe: Recipe,
  path: string,
): Promise<Binaries | undefined> {
  const found = await findOnPath(recipe, path);
  if (found) return found;
  const cached =
    cachedBuild(settings, recipe) ?? cachedRelease(settings, releasesHere(settings).get(recipe.name));
  return cached ? inFolder(recipe, cached) : undefined;
}

const inFolder = (recipe: Recipe, folder: string): Binaries =>
  Object.fromEntries(recipe.binaries.map((binary) => [binary, join(folder, binary)]));

/** A release in the cache, and how that went; undefined where it cannot be had, which is said. */
export async function fetchSaying(options: {
  readonly fetcher: ReleaseFetcher;
  readonly release: Release;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}): Promise<{ readonly folder: string } | { readonly why: string }> {
  const { fetcher, release, progress, signal } = options;
  const task = progress.task(release.name);
  try {
    const folder = await fetcher.fetch(release, (step) => task.step(step));
    task.done(`official release ${release.version}`);
    return { folder };
  } catch (error) {
    task.done('no release to be had');
    // A build needs more room still.
    if (signal.aborted || (error as NodeJS.ErrnoException).code === 'ENOSPC') throw error;
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * The binaries of all recipes: from the PATH at the pinned version, else from the cache, else of the official release,
 * else built from source; the last two go into the cache.
 *
 * @throws GoMissingError when something has to be built and there is no Go.
 */
export async function provideBinaries(options: {
  readonly settings: Settings;
  readonly recipes: readonly Recipe[];
  readonly path: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly fetcher?: ReleaseFetcher;
}): Promise<Binaries> {
  const { settings, recipes, path, progress, signal } = options;
  const fetcher = options.fetcher ?? createReleaseFetcher({ settings, signal });
  const binaries: Record<string, string> = {};
  const missing: Recipe[] = [];
  for (const recipe of recipes) {
    const present = await presentBinaries(settings, recipe, path);
    if (present) Object.assign(binaries, present);
    else missing.push(recipe);
  }
  if (missing.length === 0) return binaries;

  const released = releasesHere(settings);
  const unreleased = new Map<Recipe, string | undefined>();
  await inParallel(missing, async (recipe) => {
    const release = released.get(recipe.name);
    const result = release && (await fetchSaying({ fetcher, release, progress, signal }));
    if (result && 'folder' in result) Object.assign(binaries, inFolder(recipe, result.folder));
    else unreleased.set(recipe, result?.why);
  });
  if (unreleased.size === 0) return binaries;

  const toBuild = missing.filter((recipe) => unreleased.has(recipe));
  const names = (some: readonly Recipe[]) => some.map((each) => `${each.name} ${each.version}`).join(', ');
  const reasons = [...Map.groupBy(toBuild, (recipe) => unreleased.get(recipe))].flatMap(([why, some]) =>
    why === undefined ? [] : [`No official release of ${names(some)}: ${why}.`],
  );
  await requireGo(signal).catch((error) => {
    if (!(error instanceof GoMissingError) || reasons.length === 0) throw error;
    throw new GoMissingError([error.message, ...reasons].join('. '), { cause: error });
  });
  for (const reason of reasons) progress.note(reason);
  progress.note(`Building ${names(toBuild)} from Go modules, once, into ${settings.cacheDir}.`);
  await inParallel(toBuild, async (recipe) => {
    const task = progress.task(recipe.name);
    const folder = await build({ settings, recipe, signal, onStep: (step) => task.step(step) });
    Object.assign(binaries, inFolder(recipe, folder));
    task.done(`built ${recipe.version}`);
  });
  return binaries;
}
